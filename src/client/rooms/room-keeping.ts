import { quietly } from "../quietly"
import type { Storage, StoredRoom } from "../storage/storage"
import { createTimer } from "../timer"
import { ownOf } from "./own-of"
import type { RoomModel } from "./room-model"
import { type RoomState, viewOf } from "./room-state"
import { nothingUnread } from "./unread-count"

const KEPT_AFTER_MS = 2_000

interface RoomKeepingDeps {
  readonly storage: Storage
  readonly me: () => string
}

/** Keeps rooms as they are known, for the next time and for reading without a server. */
export function createRoomKeeping({ storage, me }: RoomKeepingDeps) {
  const changed = new Set<RoomModel>()
  const timer = createTimer(() => void flush())
  let writing: Promise<void> = Promise.resolve()
  /** What was to be kept of an account is not kept after it. */
  let account = 0

  function flush(): Promise<void> {
    timer.stop()
    const rooms = [...changed].flatMap((room) => asStored(room, me()))
    changed.clear()
    if (rooms.length > 0) writing = inTurn(() => storage.writeRooms(rooms))
    return writing
  }

  async function inTurn(task: () => Promise<void>, own = account): Promise<void> {
    await writing
    if (own === account) await quietly(task())
  }

  return {
    changed(room: RoomModel): void {
      changed.add(room)
      timer.start(KEPT_AFTER_MS)
    },
    /** Those of this account. */
    async read(): Promise<readonly StoredRoom[]> {
      const userId = me()
      const stored = await storage.readRooms()
      return ownOf(stored, userId, ({ view }) => storage.removeRoom(view.room.id))
    },
    removed(room: RoomModel): void {
      changed.delete(room)
      writing = inTurn(() => storage.removeRoom(room.id))
    },
    flush,
    /** Whatever was to be kept is kept no more. */
    forget(): void {
      account++
      changed.clear()
      timer.stop()
    },
  }
}

function asStored({ state, feed }: RoomModel, userId: string): StoredRoom[] {
  if (state?.isMember !== true || feed.until < 0) return []
  const view = viewOf(state, [])
  return [{ userId, view, messages: state.tail, epoch: state.room.epoch, until: feed.until }]
}

/** A room as it was kept. */
export const fromStored = ({ view, messages, until }: StoredRoom): RoomState => ({
  room: view.room,
  people: view.people,
  isMember: true,
  membership: view.membership,
  lastMessage: view.lastMessage,
  unread: {
    ...nothingUnread(until),
    lastReadSeq: view.lastReadSeq,
    unread: view.unread,
    mentions: view.mentions,
  },
  members: new Map(),
  reads: null,
  tail: messages,
})
