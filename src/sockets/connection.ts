import type { Arrival, Frame, Frames, Voice } from "../dialects/dialect"
import type { Actor } from "../protocol/entities"
import type { ConnectionId, Instant, RoomId, RoomNumericId } from "../protocol/ids"
import { CLOSE_CODES } from "../protocol/socket-frames"
import { type Audience, audienceKey } from "./audiences"
import { Inbox } from "./inbox"
import { FrameRate } from "./rate-limit"
import { connectionTopic } from "./topics"

export type CloseReason = keyof typeof CLOSE_CODES

/** What carries a connection's frames: a WebSocket of Bun's is one as it is. */
export interface Line {
  /** Bytes sent, `NOT_ALL_TAKEN`, or 0 where the frame was dropped. */
  send(frame: Frame): number
  subscribe(topic: string): boolean
  unsubscribe(topic: string): unknown
  readonly subscriptions: readonly string[]
  getBufferedAmount(): number
  ping(): unknown
  close(code: number, reason: string): void
  /** Cuts it off, without a goodbye. */
  terminate(): void
}

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
  /** In which it is told what is not of a room. */
  readonly voice: Voice
  /** Null: it has yet to say who it is. */
  readonly actor: Actor | null
  /** What it asked for by its address. */
  readonly arrival: Arrival["command"]
  /** Whether we are the ones to ping it and to notice that it is gone. */
  readonly isPinged: boolean
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

const NOWHERE: ReadonlyMap<string, Audience> = new Map()

/**
 * One live socket. Bun's handlers are methods here because Elysia hands them through
 * `ws.data`; methods of a class cost nothing per connection, of which there are many and
 * mostly idle ones (bench/ `idle`): what can come later is made when it is needed.
 */
export class Connection {
  readonly id: ConnectionId
  readonly voice: Voice
  readonly arrival: Arrival["command"]
  readonly isPinged: boolean
  readonly address: string
  readonly openedAt: Instant
  readonly publish: Publish
  actor: Actor | null
  /** Follows every room that its user is a member of, now and later. */
  followsAll = false
  /** Which rooms it has said it does not want to hear, though it follows all. */
  leftOut: Set<RoomNumericId> | null = null
  /** Something was heard since the last sweep. */
  isHeard = true
  heardAt: Instant
  pingDueAt: Instant = 0
  heartbeatDueAt: Instant = 0
  toldHeadsAt: Instant
  /** Since when it hears nothing more and is only to read what it was told; 0: it is not. */
  partedAt: Instant = 0
  /** It has read some of what waited, since the backlog was looked at. */
  hasTaken = false
  readonly frameRate: FrameRate | null
  private readonly events: ConnectionEvents
  private line: Line | null = null
  private heard: Map<string, Audience> | null = null
  private lazyInbox: Inbox | null = null
  private ownTopic: string | null = null

  constructor(options: ConnectionOptions) {
    this.id = options.id
    this.voice = options.voice
    this.arrival = options.arrival
    this.isPinged = options.isPinged
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

  /** What it hears: rooms, each in one protocol. By `audienceKey`. */
  get audiences(): ReadonlyMap<string, Audience> {
    return this.heard ?? NOWHERE
  }

  /** The room as it is heard in this protocol; undefined: it is not. */
  audienceOf(voice: Voice, room: RoomId): Audience | undefined {
    return this.heard?.get(audienceKey(voice, room))
  }

  get inbox(): Inbox {
    this.lazyInbox ??= new Inbox((frames) => this.sendAll(frames))
    return this.lazyInbox
  }

  /** Frames of it that have no answer yet. */
  get pendingFrames(): number {
    return this.lazyInbox?.size ?? 0
  }

  /** Says something to this client alone, after everything that it was told before. */
  send(frame: Frame): void {
    if (this.line === null || this.partedAt > 0) return
    if (this.ownTopic !== null) this.publish(this.ownTopic, frame)
    else if (this.line.send(frame) === NOT_ALL_TAKEN) this.events.onBacklog(this)
  }

  sendAll(frames: Frames): void {
    if (frames === null) return
    if (typeof frames === "string") this.send(frames)
    else for (const frame of frames) this.send(frame)
  }

  /**
   * From now on answers travel with the events of the same turn, in one write: sent one by one
   * they cost half of everything (bench/ `room-32`). Only for those who send much: it is a
   * topic each.
   */
  batchAnswers(): void {
    if (this.ownTopic !== null || this.line === null || this.partedAt > 0) return
    this.ownTopic = connectionTopic(this.id)
    this.line.subscribe(this.ownTopic)
  }

  follow(topic: string): void {
    if (this.partedAt === 0) this.line?.subscribe(topic)
  }

  unfollow(topic: string): void {
    this.line?.unsubscribe(topic)
  }

  /** It is open, and has not been told its last. */
  get listens(): boolean {
    return this.line !== null && this.partedAt === 0
  }

  hear(audience: Audience): void {
    this.heard ??= new Map()
    this.heard.set(audience.key, audience)
    this.follow(audience.topic)
  }

  /** False: it did not hear it. */
  unhear(audience: Audience): boolean {
    if (!this.heard?.delete(audience.key)) return false
    this.unfollow(audience.topic)
    return true
  }

  /** What it has been told and has not taken yet. */
  get unreadBytes(): number {
    return this.line?.getBufferedAmount() ?? 0
  }

  /** From now on it hears nothing and is not listened to; its rooms have been left before. */
  part(instant: Instant): void {
    this.partedAt = instant
    this.lazyInbox?.clear()
    for (const topic of this.line?.subscriptions ?? []) this.line?.unsubscribe(topic)
  }

  ping(): void {
    this.line?.ping()
  }

  end(reason: CloseReason): void {
    this.line?.close(CLOSE_CODES[reason], reason)
  }

  /** It takes nothing any more, not even a goodbye. */
  cutOff(): void {
    this.line?.terminate()
  }

  get isOpen(): boolean {
    return this.line !== null
  }

  open(line: Line): void {
    this.line = line
    this.events.onOpen(this)
  }

  message(_line: Line, input: string | Buffer): void {
    this.isHeard = true
    if (this.partedAt === 0) this.events.onFrame(this, input)
  }

  pong(): void {
    this.isHeard = true
  }

  drain(): void {
    this.hasTaken = true
    this.events.onBacklog(this)
  }

  close(): void {
    if (this.line === null) return
    this.line = null
    this.lazyInbox?.clear()
    this.events.onClose(this)
  }
}
