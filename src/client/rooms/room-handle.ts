import type { Api } from "../api"
import type { RoomHandle } from "../client"
import type { Connection } from "../connection/connection"
import { codeOf } from "../error"
import { LIMITS } from "../limits"
import { quietly } from "../quietly"
import type { Outbox } from "./outbox"
import type { RoomModel } from "./room-model"
import { withReads } from "./room-state"

interface RoomHandleDeps {
  readonly api: Pick<Api, "rooms">
  readonly ask: Connection["ask"]
  readonly outbox: Outbox
  readonly now: () => number
  readonly markRead: (room: RoomModel, seq: number) => void
  readonly close: (room: RoomModel) => void
}

const TYPING_TOLD_EVERY_MS = 3_000

/** What a page does with one room. */
export function createRoomHandle(room: RoomModel, deps: RoomHandleDeps): RoomHandle {
  const { api, ask, outbox, now } = deps
  let typingToldAt = Number.NEGATIVE_INFINITY
  let isTyping = false

  return {
    id: room.id,
    view: room.view,
    trouble: room.trouble,
    timeline: room.timeline,
    thread: room.thread,
    members: room.members,
    loadMembers: () =>
      room.whileListing(async () => {
        let cursor: string | null = null
        do {
          const page = await api.rooms.members(room.id, { cursor, limit: LIMITS.listLimitMax })
          room.list(page.items)
          cursor = page.cursor
        } while (cursor !== null)
      }),
    reads: room.reads,
    async loadReads() {
      try {
        // First, so that what moves from here on is not missed.
        room.change((state) => ({ ...state, reads: state.reads ?? [] }))
        const listed = await api.rooms.reads(room.id)
        room.change((state) => withReads(state, listed))
      } catch (error) {
        // The room has too many members to tell it of each.
        if (codeOf(error) !== "conflict") throw error
      }
    },
    send(draft) {
      isTyping = false
      typingToldAt = Number.NEGATIVE_INFINITY
      return outbox.add(room.id, draft)
    },
    retry: outbox.retry,
    discard: outbox.discard,
    setTyping(value) {
      if (!value) {
        if (isTyping) void quietly(ask("typing", { room_id: room.id, is_typing: false }))
        isTyping = false
        typingToldAt = Number.NEGATIVE_INFINITY
        return
      }
      if (now() - typingToldAt < TYPING_TOLD_EVERY_MS) return
      isTyping = true
      typingToldAt = now()
      void quietly(ask("typing", { room_id: room.id, is_typing: true }))
    },
    markRead: (seq) => deps.markRead(room, seq),
    close: () => deps.close(room),
  }
}
