import type { Chat } from "../../core/chat"
import type { Position } from "../../protocol/commands"
import type { Actor, Room } from "../../protocol/entities"
import { ChatError, type ErrorCode } from "../../protocol/errors"
import { LIMITS } from "../../protocol/limits"
import type { Changes } from "../../protocol/replies"
import type { Connection } from "../connection"
import type { Ordering } from "../ordering"
import type { Subscriptions } from "../subscriptions"
import { type Cursor, epochMark } from "./cursor"
import type { Listener } from "./listener"
import type { Standings } from "./standings"
import type { EventStream } from "./stream"

export interface CatchUpDeps {
  readonly chat: Pick<Chat, "presence" | "sync" | "resuming">
  readonly subscriptions: Subscriptions
  readonly ordering: Pick<Ordering, "toldOf">
}

export interface Newcomer {
  readonly connection: Connection
  readonly actor: Actor
  readonly stream: EventStream
  readonly listener: Listener
  readonly standings: Standings
  /** Null: it begins now, and has missed nothing. */
  readonly cursor: Cursor | null
}

/** What is told of a room: everything since a position, the newest, or only where it stands. */
type Start = Position | "newest" | "head"

const NOTHING = { messages: [], members: [], more: false } as const

/** What is said of one room, and does not hinder the others. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(["room_not_found", "banned", "room_full"])

/** Reading a room does not wait for anything, so between so many others have their turn. */
const ROOMS_PER_TURN = 16

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Brings a stream to where its rooms are, one after the other, and lets it hear each from there. */
export function createCatchUp({ chat, subscriptions, ordering }: CatchUpDeps) {
  /** Errors: those of the store. What a room refuses is told in its place. */
  return async function catchUp(newcomer: Newcomer): Promise<void> {
    const { connection, actor, listener, cursor } = newcomer
    // Before the list is read, so that a room joined meanwhile is in one or the other.
    connection.followsAll = true
    const rooms = await chat.presence.roomsOf(actor)
    const starts = oweAll(newcomer, rooms)
    let count = 0
    for (const room of rooms) {
      if (!connection.listens) return
      await newcomer.stream.hasRoomFor(LIMITS.toldAtOnceCharsMax)
      if (++count % ROOMS_PER_TURN === 0) await nextTurn()
      await tellRoom(newcomer, room, starts.get(room) ?? "newest")
    }
    if (cursor !== null) await tellLeft(newcomer, rooms, cursor)
    if (connection.listens) listener.goLive()
  }

  /** From where each room is told. `by time`: from the last that was surely told by then. */
  function oweAll(
    { standings, cursor }: Newcomer,
    rooms: readonly Room[],
  ): ReadonlyMap<Room, Position | "head" | "by time"> {
    const starts = new Map<Room, Position | "head" | "by time">()
    if (cursor === null) {
      for (const room of rooms) {
        standings.owe(room, { seq: room.head, mark: epochMark(room.epoch) })
        starts.set(room, "head")
      }
      return starts
    }
    let isOtherHistory = false
    for (const room of rooms) {
      const place = cursor.places.get(room.numericId)
      if (place === undefined) continue
      // Kept until it has been told: who is gone before that comes again with it.
      standings.owe(room, place)
      if (place.mark !== epochMark(room.epoch)) isOtherHistory = true
      else starts.set(room, { epoch: room.epoch, since: place.seq })
    }
    // All rooms get new epochs together: what is not named in the cursor has one, too.
    if (cursor.toldUntil === null || isOtherHistory) return starts
    for (const room of rooms) if (!cursor.places.has(room.numericId)) starts.set(room, "by time")
    return starts
  }

  async function tellRoom(newcomer: Newcomer, room: Room, start: Start | "by time"): Promise<void> {
    const { connection, actor, listener, standings } = newcomer
    const { id } = room
    listener.hold(id)
    try {
      const from = start === "by time" ? await placeByTime(newcomer, id) : start
      let opened = room
      const read = async () => {
        opened = await chat.presence.openRoom(actor, id)
        return opened
      }
      await subscriptions.enterAsRead(connection, { actor, roomId: id, read })
      // Others may have been told something after the room was read and before it is heard here.
      const isAsRead = ordering.toldOf(room) <= opened.head
      if (isAsRead && from === "head") listener.snapshot({ roomId: id, changes: asItIs(opened) })
      else if (isAsRead && typeof from !== "string" && from.since === opened.head) {
        // As of most rooms there is nothing to tell: not even that.
        standings.settle(id, opened.epoch, opened.head)
      } else await tellChanges(newcomer, id, from)
    } catch (error) {
      if (!(error instanceof ChatError) || !REFUSALS.has(error.code)) throw error
      const audience = connection.audienceOf(connection.voice, id)
      if (audience !== undefined) subscriptions.exit(connection, audience)
      // Whom there was no place for comes again, from where they were.
      if (error.code !== "room_full") standings.forget(id)
      listener.snapshot({ roomId: id, error })
    } finally {
      listener.release()
    }
  }

  function asItIs(room: Room): Changes {
    const userCount = chat.presence.countPresent(room)
    return { ...NOTHING, room, userCount, until: room.head, recovered: false, roomChanged: true }
  }

  async function placeByTime({ actor, cursor }: Newcomer, id: Room["id"]): Promise<Start> {
    const toldUntil = cursor?.toldUntil ?? 0
    return (await chat.resuming.positionAt(actor, id, toldUntil)) ?? "newest"
  }

  async function tellChanges(
    { connection, actor, stream, listener }: Newcomer,
    id: Room["id"],
    start: Start,
  ): Promise<void> {
    let position = typeof start === "string" ? null : start
    let charsMax = start === "head" ? 0 : LIMITS.toldAtOnceCharsMax
    let limit: number = LIMITS.changesPerPageMax
    for (let isWhole = false; !isWhole && connection.listens; ) {
      await stream.hasRoomFor(LIMITS.toldAtOnceCharsMax)
      // What came until now is read now.
      listener.hold(id)
      const changes = await chat.sync.readChanges(actor, id, { position, limit, charsMax })
      charsMax = LIMITS.toldAtOnceCharsMax
      // Of long ones few fit, and reading many more each time would cost the most.
      const fitted = changes.messages.length + changes.members.length
      limit = Math.min(LIMITS.changesPerPageMax, 2 * fitted + 1)
      listener.snapshot({ roomId: id, changes })
      position = { epoch: changes.room.epoch, since: changes.until }
      isWhole = !changes.more && !listener.isOverrun
    }
  }

  /** Of rooms that the client knows and is no more in, it is told that. */
  async function tellLeft(
    { connection, actor, listener }: Newcomer,
    rooms: readonly Room[],
    cursor: Cursor,
  ): Promise<void> {
    const current = new Set(rooms.map(({ numericId }) => numericId))
    const others = [...cursor.places.keys()].filter((room) => !current.has(room))
    for (const roomId of await chat.resuming.findLeft(actor, others)) {
      if (connection.listens) listener.snapshot({ roomId, error: new ChatError("room_not_found") })
    }
  }
}

export type CatchUp = ReturnType<typeof createCatchUp>
