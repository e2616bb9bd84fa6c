import { signal } from "@preact/signals"

export type SidePanel = "members" | "pins" | "search" | "thread"

/** What is open beside the room; null: nothing. Threads open by the address (`?thread=`). */
export const sidePanel = signal<SidePanel | null>(null)

/** Opens it; closes it where it is open already. */
export function togglePanel(panel: SidePanel): void {
  sidePanel.value = sidePanel.value === panel ? null : panel
}
