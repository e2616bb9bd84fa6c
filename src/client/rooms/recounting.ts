import type { Api } from "../api"
import { ParleyError } from "../error"
import { createTimer } from "../timer"
import type { RoomModel } from "./room-model"
import { withUnread } from "./room-state"

interface RecountingDeps {
  readonly api: Pick<Api, "unread">
  readonly find: (roomId: string) => RoomModel | undefined
  /** Tells the server first how far one has read. */
  readonly tellMarks: () => Promise<void>
}

const SOON_MS = 500
const GAP_MS = 5_000

/** Asks again how much is unread, where it is no longer sure; once for all rooms, and not often. */
export function createRecounting({ api, find, tellMarks }: RecountingDeps) {
  const timer = createTimer(() => void recount())
  let countedAt = -GAP_MS
  let isClosed = false

  async function recount(): Promise<void> {
    try {
      await tellMarks()
      countedAt = performance.now()
      for (const told of await api.unread.list()) {
        find(told.room_id)?.change((state) => {
          const next = withUnread(state, told)
          // What is marked as read just now is told in a moment, and counted again if need be.
          return { ...next, unread: { ...next.unread, isInDoubt: false } }
        })
      }
    } catch (error) {
      // Whoever connects again counts again.
      if (!(error instanceof ParleyError)) throw error
    }
  }

  return {
    soon(): void {
      if (isClosed) return
      const wait = Math.max(SOON_MS, countedAt + GAP_MS - performance.now())
      timer.start(wait)
    },
    close(): void {
      isClosed = true
      timer.stop()
    },
  }
}
