import { signal } from "@preact/signals"

/** What the server calls itself, once it has been asked. */
export const serverName = signal("Parley")
