import type { Command } from "../protocol/commands"
import type { Actor } from "../protocol/entities"
import type { ChatError } from "../protocol/errors"
import type { Event } from "../protocol/events"
import type { ConnectionId, Instant, RoomId, Seq } from "../protocol/ids"
import type { Reply } from "../protocol/replies"

/** One raw socket message to a client. */
export type Frame = string

/** What a client calls its request by, to recognise the answer; undefined: it wants none. */
export type Ref = string | number | undefined

/** A frame that was read. Reading never throws: what is wrong is a value like the rest. */
export type Decoded =
  | { readonly kind: "command"; readonly ref: Ref; readonly command: Command }
  | { readonly kind: "authenticate"; readonly ref: Ref; readonly token: string }
  | { readonly kind: "invalid"; readonly ref: Ref; readonly error: ChatError }

/** What a connection is told that is no event of the chat. */
export type Signal =
  | { readonly type: "heartbeat"; readonly heads: ReadonlyMap<RoomId, Seq> }
  | { readonly type: "slow" }
  | { readonly type: "draining"; readonly reconnectAfterMs: number }

export interface Greeting {
  readonly connectionId: ConnectionId
  readonly actor: Actor
  readonly serverTime: Instant
  readonly messageCharsMax: number
}

/**
 * A wire protocol that clients speak: pure functions between its frames and our words. No clock,
 * no I/O, no logging, and no throw; a new event or error code breaks the build of each dialect
 * that has no word for it.
 */
export interface Dialect {
  readonly name: string
  readonly path: string
  /** The WebSocket subprotocol that is agreed to where a client offers it. */
  readonly subprotocol: string | null
  /** A connection may open without credentials and bring them in its first frame. */
  readonly allowsLateAuthentication: boolean
  greet(greeting: Greeting): readonly Frame[]
  decode(input: string | Buffer): Decoded
  /** Null: this protocol has no word for it. */
  encodeEvent(event: Event): Frame | null
  encodeSignal(signal: Signal): Frame | null
  /** Null: this reply is not told. */
  encodeReply(reply: Reply, ref: Ref): Frame | null
  encodeError(error: ChatError, ref: Ref): Frame
}
