import type { ApiChanges, ApiConversation, ApiRoom } from "../../protocol/answers"
import type { Told } from "../connection/connection"
import { ParleyError } from "../error"
import { quietly } from "../quietly"
import type { CatchingUp } from "./catching-up"
import type { RoomChange } from "./feed"
import type { Outbox } from "./outbox"
import type { createPresences } from "./presences"
import type { RoomModel } from "./room-model"
import { newRoomState, withTail } from "./room-state"
import { inDoubt, nothingUnread } from "./unread-count"

interface HearingDeps {
  readonly find: (roomId: string) => RoomModel | undefined
  readonly ensure: (roomId: string) => RoomModel
  readonly drop: (room: RoomModel) => void
  readonly rooms: () => readonly RoomModel[]
  readonly me: () => string
  readonly catchingUp: CatchingUp
  readonly presences: ReturnType<typeof createPresences>
  readonly outbox: Outbox
  readonly describe: (roomId: string) => Promise<ApiRoom | ApiConversation | null>
  readonly onDoubt: () => void
}

type Membership = Extract<Told, { type: "room.added" | "room.removed" }>

/** What is made of everything that the server tells by itself. */
export function createHearing(deps: HearingDeps) {
  const { find, ensure, drop, me, catchingUp, presences, outbox } = deps
  let isResuming = false

  function hear(frame: Told): void {
    // What takes a place in a room's history comes in its turn.
    if ("seq" in frame) {
      find(frame.room_id)?.feed.hear(frame)
      return
    }
    switch (frame.type) {
      case "room.added":
        added(frame)
        return
      case "room.removed":
        removed(frame)
        return
      case "read":
        find(frame.room_id)?.heardRead(frame.data)
        return
      case "typing":
        heardTyping(frame)
        return
      case "presence": {
        const { user_id, status, last_seen_at } = frame.data
        presences.heard(user_id, { status, lastSeenAt: last_seen_at })
        return
      }
      case "heartbeat":
        for (const [roomId, head] of Object.entries(frame.data.heads)) heardHead(roomId, head)
        return
      case "notice":
        // The connection heeds it.
        return
      default:
        // None is left: what is not known is not heard of.
        frame satisfies never
    }
  }

  function heardTyping({ room_id, data }: Extract<Told, { type: "typing" }>): void {
    const room = find(room_id)
    if (room === undefined || data.user_id === me()) return
    if (!data.is_typing) room.typists.stop(data.user_id)
    else room.typists.start({ userId: data.user_id, username: data.username })
  }

  function heardHead(roomId: string, head: number): void {
    const room = find(roomId)
    if (room === undefined || room.state === null || isResuming) return
    if (head > room.feed.until) catchingUp.repair(room)
  }

  function added(frame: Membership): void {
    const room = ensure(frame.room_id)
    if (room.state === null) {
      // The next event is that one has joined, where anybody is told so.
      begin(room, frame.data, Math.max(frame.data.head - 1, 0))
      void quietly(findPeople(room))
    } else
      room.change((state) => ({ ...state, isMember: true, unread: nothingUnread(state.room.head) }))
    room.change((state) => ({ ...state, unread: inDoubt(state.unread) }))
    catchingUp.repair(room)
  }

  function begin(room: RoomModel, found: ApiRoom | ApiConversation, until: number): void {
    const state = newRoomState(found, { me: me(), isMember: true })
    room.begin({ ...state, unread: nothingUnread(found.head) }, until)
  }

  async function findPeople(room: RoomModel): Promise<void> {
    if (room.state?.room.type !== "direct" || room.state.people.length > 0) return
    const found = await deps.describe(room.id)
    if (found === null || !("users" in found)) return
    const people = found.users.filter(({ id }) => id !== me())
    room.change((state) => ({ ...state, people }))
  }

  function removed({ room_id }: Membership): void {
    const room = find(room_id)
    if (room === undefined) return
    goneFrom(room)
  }

  /** One is no member of it any more. Who looks at it goes on where everybody may read. */
  function goneFrom(room: RoomModel): void {
    if (!room.isOpen) {
      drop(room)
      return
    }
    room.change((state) => ({ ...state, isMember: false, membership: null }))
    if (room.state?.room.type === "public") catchingUp.repair(room)
    else room.fail(notFound())
  }

  function refused(room: RoomModel, error: ParleyError): void {
    if (error.isRetryable) room.hinder(error)
    else if (room.isOpen) room.fail(error)
    else drop(room)
  }

  /** Each change once, after it has been made to what is known. */
  function applied(room: RoomModel, change: RoomChange): void {
    const { type, data } = change
    if ("content" in data) {
      if (data.user_id === me()) outbox.heard(data)
      return
    }
    // The change itself is still being made.
    if ("left_at" in data) {
      if (data.user_id === me() && data.left_at !== null) queueMicrotask(() => goneFrom(room))
    } else if (type === "room.deleted") queueMicrotask(() => refused(room, notFound()))
  }

  return {
    hear,
    applied,
    refused,
    gap(room: RoomModel): void {
      if (!isResuming) catchingUp.repair(room)
    },
    /** A room of mine that was told of in answer to a subscription to all of them. */
    unknown(room: RoomModel, { room: found, messages, until }: ApiChanges): void {
      if (found === undefined || room.state !== null) return
      begin(room, found, until)
      room.change((state) => withTail({ ...state, unread: inDoubt(state.unread) }, messages))
      void quietly(findPeople(room))
    },
    /** Rooms that are not, or no longer, mine. Those that are looked at are asked for. */
    notMine(rooms: readonly RoomModel[]): void {
      for (const room of rooms) if (room.state?.isMember === true) goneFrom(room)
    },
    /** Meanwhile what is missing is being told anyway. */
    async whileResuming(task: () => Promise<void>): Promise<void> {
      isResuming = true
      try {
        await task()
      } finally {
        isResuming = false
      }
      for (const room of deps.rooms()) if (room.feed.isWaiting) catchingUp.repair(room)
    },
  }
}

const notFound = () => new ParleyError("room_not_found", "There is no such room")
