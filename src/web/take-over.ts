import { signal } from "@preact/signals"
import { editing, replyingTo } from "./composer/compose-state"
import { hideProfile } from "./room/profile-state"
import { roomsDialog } from "./rooms/rooms-dialog"
import { searchText } from "./search/search-state"
import { forgetAll } from "./state/kept"
import { isOwner, keepOwner } from "./state/owner"
import { sidePanel } from "./state/side-panel"

/** Whose things this page holds. */
const held = signal<string | null>(null)

/**
 * Before anything is shown to somebody: what another account has left in this browser, or in this
 * page, is forgotten. Sessions end also without anybody signing out, and then it waits for whoever
 * it belongs to, and for nobody else.
 */
export function takeOver(userId: string): void {
  if (!isOwner(userId)) {
    for (const name of ["draft", "searches", "status", "lastRoom"]) forgetAll(name)
    keepOwner(userId)
  }
  if (held.peek() === userId) return
  held.value = userId
  replyingTo.value = new Map()
  editing.value = new Map()
  searchText.value = ""
  sidePanel.value = null
  roomsDialog.value = null
  hideProfile()
}
