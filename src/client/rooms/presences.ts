import type { ApiPresence } from "../../protocol/answers"
import type { Presence } from "../client"
import { createLive } from "../live"

/** Who is online, away or busy, as far as it was heard. */
export function createPresences(onChange: () => void) {
  const live = createLive<ReadonlyMap<string, Presence>>(new Map())
  let known = new Map<string, Presence>()
  let isChanged = false

  function touch(): void {
    isChanged = true
    onChange()
  }

  return {
    live,
    heard(userId: string, presence: Presence): void {
      known.set(userId, presence)
      touch()
    },
    /** Who is in a room just now. */
    list(here: readonly ApiPresence[]): void {
      for (const { user_id, status } of here) known.set(user_id, { status, lastSeenAt: null })
      touch()
    },
    /** While nothing was heard anybody may have come or gone. */
    clear(): void {
      known = new Map()
      touch()
    },
    show(): void {
      if (!isChanged) return
      isChanged = false
      live.set(new Map(known))
    },
  }
}
