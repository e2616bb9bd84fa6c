import { signal } from "@preact/signals"

/** Which of the two is open. Others open it by this, as the sidebar's search box does. */
export const paletteOpen = signal(false)
export const shortcutsOpen = signal(false)
/** Whether it is asked for in the palette to sign out. */
export const signingOut = signal(false)
