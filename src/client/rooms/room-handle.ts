import type { Api } from "../api"
import type { RoomHandle } from "../client"
import type { Connection } from "../connection/connection"
import { codeOf } from "../error"
import { quietly } from "../quietly"
import type { Outbox } from "./outbox"
import { pagesOf } from "./pages-of"
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
  /** Null: the server does not take it that one types. */
  let typingToldAt: number | null = null

  return {
    id: room.id,
    view: room.view,
    trouble: room.trouble,
    timeline: room.timeline,
    thread: room.thread,
    members: room.members,
    loadMembers: () =>
      room.whileListing(async () => {
        const pages = pagesOf((page) => api.rooms.members(room.id, page))
        for await (const items of pages) room.list(items)
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
      typingToldAt = null
      return outbox.add(room.id, draft)
    },
    retry: outbox.retry,
    discard: outbox.discard,
    setTyping(value) {
      const isTold =
        typingToldAt === null ? !value : value && now() - typingToldAt < TYPING_TOLD_EVERY_MS
      if (isTold) return
      typingToldAt = value ? now() : null
      void quietly(ask("typing", { room_id: room.id, is_typing: value }))
    },
    markRead: (seq) => deps.markRead(room, seq),
    close: () => deps.close(room),
  }
}
