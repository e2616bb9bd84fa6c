import { signal } from "@preact/signals"

/** Whether the session has ended without one having signed out; until one signs in again. */
export const wasEnded = signal(false)
