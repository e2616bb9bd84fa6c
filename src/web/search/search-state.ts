import { signal } from "@preact/signals"

/** What stands in the search box; it stays while one goes from hit to hit, through rooms. */
export const searchText = signal("")
