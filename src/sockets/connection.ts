import type { ServerWebSocket } from "bun"
import type { Dialect, Frame } from "../dialects/dialect"
import type { Actor } from "../protocol/entities"
import type { RoomRef } from "../protocol/events"
import type { ConnectionId, Instant, RoomId } from "../protocol/ids"
import { CLOSE_CODES } from "../protocol/socket-frames"
import { Inbox } from "./inbox"
import { FrameRate } from "./rate-limit"
import { connectionTopic } from "./topics"

export type CloseReason = keyof typeof CLOSE_CODES

/** What a connection tells its surroundings. Bun calls it, it calls these. */
export interface ConnectionEvents {
  onOpen(connection: Connection): void
  onFrame(connection: Connection, input: string | Buffer): void
  /** It could not take all that it alone was told, or has read some of what waited. */
  onBacklog(connection: Connection): void
  onClose(connection: Connection): void
}

/** Sends a frame to all subscribers of a topic. */
export type Publish = (topic: string, frame: Frame) => void

export interface ConnectionOptions {
  readonly id: ConnectionId
  readonly dialect: Dialect
  /** Null: it has yet to say who it is. */
  readonly actor: Actor | null
  /** Where it comes from, as limits count. */
  readonly address: string
  readonly openedAt: Instant
  /** 0 = no limit. */
  readonly framesPerSecondMax: number
  readonly events: ConnectionEvents
  readonly publish: Publish
}

/** What Bun's `send` and `publish` return when a socket has to keep a part of the frame. */
export const NOT_ALL_TAKEN = -1

const NO_ROOMS: ReadonlyMap<RoomId, RoomRef> = new Map()

/**
 * One live socket. Bun's handlers are methods here because Elysia hands them through
 * `ws.data`; methods of a class cost nothing per connection, of which there are many and
 * mostly idle ones (bench/ `idle`): what can come later is made when it is needed.
 */
export class Connection {
  readonly id: ConnectionId
  readonly dialect: Dialect
  readonly address: string
  readonly openedAt: Instant
  readonly publish: Publish
  actor: Actor | null
  /** Follows every room that its user is a member of, now and later. */
  followsAll = false
  /** Something was heard since the last sweep. */
  isHeard = true
  heardAt: Instant
  pingDueAt: Instant = 0
  heartbeatDueAt: Instant = 0
  toldHeadsAt: Instant
  /** Since when it hears nothing more and is only to read what it was told; 0: it is not. */
  partedAt: Instant = 0
  readonly frameRate: FrameRate | null
  private readonly events: ConnectionEvents
  private ws: ServerWebSocket<unknown> | null = null
  private roomsById: Map<RoomId, RoomRef> | null = null
  private lazyInbox: Inbox | null = null
  private ownTopic: string | null = null

  constructor(options: ConnectionOptions) {
    this.id = options.id
    this.dialect = options.dialect
    this.actor = options.actor
    this.address = options.address
    this.openedAt = options.openedAt
    this.heardAt = options.openedAt
    this.toldHeadsAt = options.openedAt
    this.events = options.events
    this.publish = options.publish
    const { framesPerSecondMax, openedAt } = options
    this.frameRate = framesPerSecondMax > 0 ? new FrameRate(framesPerSecondMax, openedAt) : null
  }

  get rooms(): ReadonlyMap<RoomId, RoomRef> {
    return this.roomsById ?? NO_ROOMS
  }

  get inbox(): Inbox {
    this.lazyInbox ??= new Inbox((frame) => this.send(frame))
    return this.lazyInbox
  }

  /** Frames of it that have no answer yet. */
  get pendingFrames(): number {
    return this.lazyInbox?.size ?? 0
  }

  /** Says something to this client alone, after everything that it was told before. */
  send(frame: Frame): void {
    if (this.ws === null || this.partedAt > 0) return
    if (this.ownTopic !== null) this.publish(this.ownTopic, frame)
    else if (this.ws.send(frame) === NOT_ALL_TAKEN) this.events.onBacklog(this)
  }

  /**
   * From now on answers travel with the events of the same turn, in one write: sent one by one
   * they cost half of everything (bench/ `room-32`). Only for those who send much: it is a
   * topic each.
   */
  batchAnswers(): void {
    if (this.ownTopic !== null || this.ws === null || this.partedAt > 0) return
    this.ownTopic = connectionTopic(this.id)
    this.ws.subscribe(this.ownTopic)
  }

  follow(topic: string): void {
    if (this.partedAt === 0) this.ws?.subscribe(topic)
  }

  unfollow(topic: string): void {
    this.ws?.unsubscribe(topic)
  }

  /** False: it was in the room already. */
  enter(room: RoomRef, topic: string): boolean {
    if (this.ws === null || this.partedAt > 0 || this.rooms.has(room.id)) return false
    if (!this.ws.subscribe(topic)) return false
    this.roomsById ??= new Map()
    this.roomsById.set(room.id, { id: room.id, numericId: room.numericId })
    return true
  }

  /** False: it was not in the room. */
  exit(room: RoomRef, topic: string): boolean {
    if (!this.roomsById?.delete(room.id)) return false
    this.ws?.unsubscribe(topic)
    return true
  }

  /** What it has been told and has not taken yet. */
  get unreadBytes(): number {
    return this.ws?.getBufferedAmount() ?? 0
  }

  /** From now on it hears nothing and is not listened to; its rooms have been left before. */
  part(instant: Instant): void {
    this.partedAt = instant
    this.lazyInbox?.clear()
    for (const topic of this.ws?.subscriptions ?? []) this.ws?.unsubscribe(topic)
  }

  ping(): void {
    this.ws?.ping()
  }

  end(reason: CloseReason): void {
    this.ws?.close(CLOSE_CODES[reason], reason)
  }

  get isOpen(): boolean {
    return this.ws !== null
  }

  open(ws: ServerWebSocket<unknown>): void {
    this.ws = ws
    this.events.onOpen(this)
  }

  message(_ws: ServerWebSocket<unknown>, input: string | Buffer): void {
    this.isHeard = true
    if (this.partedAt === 0) this.events.onFrame(this, input)
  }

  pong(): void {
    this.isHeard = true
  }

  drain(): void {
    this.events.onBacklog(this)
  }

  close(): void {
    if (this.ws === null) return
    this.ws = null
    this.lazyInbox?.clear()
    this.events.onClose(this)
  }
}
