import { signal } from "@preact/signals"

/** What is asked for in a dialog; opened from the list, from the start and from the palette. */
export type RoomsDialog = "create" | "conversation"

export const roomsDialog = signal<RoomsDialog | null>(null)
