import type { Claim } from "../protocol/claims"
import type { Command } from "../protocol/commands"
import type { Actor } from "../protocol/entities"
import type { ChatError } from "../protocol/errors"
import type { Event, RoomRef } from "../protocol/events"
import type { ConnectionId, Instant, RoomId, Seq } from "../protocol/ids"
import type { Reply, RoomStanding } from "../protocol/replies"

/** One raw socket message to a client. */
export type Frame = string

/** What one thing is told in: often one frame, sometimes several, or none. */
export type Frames = Frame | readonly Frame[] | null

/**
 * What a client calls its request by, to recognise the answer; undefined: it wants none. On
 * Socket.IO a request is an event, with or without an acknowledgement.
 */
export type Ref = string | number | undefined | EventRef

export interface EventRef {
  readonly event: string
  /** Undefined: the client asked for no acknowledgement. */
  readonly ackId: number | undefined
  /** As the request named it, to be named in the answer. */
  readonly subject?: string | number | undefined
}

/** A frame that was read. Reading never throws: what is wrong is a value like the rest. */
export type Decoded =
  | {
      readonly kind: "command"
      readonly ref: Ref
      readonly command: Command
      /** Whom the payload says it comes from. Never obeyed: it must name the user. */
      readonly claims?: readonly Claim[]
    }
  | { readonly kind: "authenticate"; readonly ref: Ref; readonly token: string }
  | { readonly kind: "invalid"; readonly ref: Ref; readonly error: ChatError }

/** What a connection is told that is no event of the chat. */
export type Signal =
  | {
      readonly type: "heartbeat"
      readonly heads: ReadonlyMap<RoomId, Seq>
      readonly at: Instant
    }
  | { readonly type: "slow" }
  | { readonly type: "draining"; readonly reconnectAfterMs: number }
  /** The connection is no longer in the room: its user was removed or banned, or the room ended. */
  | {
      readonly type: "removed"
      readonly room: RoomRef
      readonly error: ChatError
      readonly at: Instant
    }
  /** The connection is about to be closed, because its user's right to it has ended. */
  | { readonly type: "ended"; readonly error: ChatError; readonly at: Instant }

/** Frames that are made of an instant get it: codecs have no clock. */
export interface Asked {
  readonly ref: Ref
  /** Null: what the client sent could not be read. */
  readonly command: Command | null
  readonly actor: Actor | null
  readonly at: Instant
}

export interface Greeting {
  readonly connectionId: ConnectionId
  readonly actor: Actor
  readonly serverTime: Instant
  readonly messageCharsMax: number
}

/**
 * How a protocol says what happens: pure functions from our words to frames. No clock, no I/O,
 * no logging, and no throw; a new event, reply or error code breaks the build of each protocol
 * that has no word for it.
 */
export interface Voice {
  readonly name: string
  /** How often a connection is told that it is alive and where its rooms stand; 0: never. */
  readonly heartbeatMs: number
  /** Its connections hear who comes online and goes, wherever that is. */
  readonly hearsWhoIsOnline: boolean
  /** A connection is there for one room, and closed when it may be there no longer. */
  readonly livesInOneRoom: boolean
  greet(greeting: Greeting): readonly Frame[]
  /** Null: this protocol has no word for it. */
  encodeEvent(event: Event): Frame | null
  encodeSignal(signal: Signal): Frame | null
  /** Null: this reply is not told. */
  encodeReply(reply: Reply, asked: Asked): Frames
  encodeError(error: ChatError, asked: Asked): Frames
}

/** How an event stream says what a socket is told in answers and by its close frame. */
export interface StreamVoice {
  /** Of everything else: its connections hear what those of the sockets hear, encoded once. */
  readonly voice: Voice
  encodeSnapshot(standing: RoomStanding): Frame
  /** All rooms have been told; what comes from here on happens now. */
  encodeLive(): Frame
  encodeClosed(code: number, reason: string): Frame
}

/** What the address of a connection says about it. */
export interface Arrival {
  /** Whom it says it is. Null: it does not say. */
  readonly claim: string | null
  /** What it asks for by coming. Null: nothing yet. */
  readonly command: Extract<Command, { type: "room.join" }> | null
}

/** Where connections of a protocol come in. */
export interface Entrance {
  readonly path: string
  /** Only for gateways that we trust, which have seen the credentials themselves. */
  readonly isForGateways: boolean
}

/** A wire protocol over raw WebSockets. */
export interface Dialect extends Voice {
  readonly entrances: readonly Entrance[]
  /** The WebSocket subprotocol that is agreed to where a client offers it. */
  readonly subprotocol: string | null
  /** A connection may open without credentials and bring them in its first frame. */
  readonly allowsLateAuthentication: boolean
  /** Errors, as a value: `invalid_request`. */
  arrive(params: Readonly<Record<string, string>>): Arrival | ChatError
  /** `arrival`: what the connection came for, where frames name no room of their own. */
  decode(input: string | Buffer, arrival?: Arrival["command"]): Decoded
}

/** An event of a client, as Socket.IO hands it over. */
export interface SocketIoInput {
  readonly event: string
  readonly payload: unknown
  /** Undefined: the client asked for no acknowledgement. */
  readonly ackId: number | undefined
}

/** A wire protocol over Socket.IO. Several share the sockets of one namespace. */
export interface SocketIoDialect extends Voice {
  /** Whether this event is this protocol's. */
  speaks(input: SocketIoInput): boolean
  decode(input: SocketIoInput): Decoded
}
