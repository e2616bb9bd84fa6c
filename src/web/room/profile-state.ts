import { signal } from "@preact/signals"

/** Whose card is open, and in which room; null: nobody's. */
export const shownProfile = signal<{ readonly roomId: string; readonly userId: string } | null>(
  null,
)

/** Opens the card of somebody in a room, from their name or picture anywhere in it. */
export function showProfile(roomId: string, userId: string): void {
  shownProfile.value = { roomId, userId }
}

export function hideProfile(): void {
  shownProfile.value = null
}
