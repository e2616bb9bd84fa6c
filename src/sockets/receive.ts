import type { Identify } from "../auth/identify"
import type { Chat } from "../core/chat"
import type {
  Asked,
  Decoded,
  Dialect,
  Frames,
  SocketIoDialect,
  SocketIoInput,
  Voice,
} from "../dialects/dialect"
import type { Log } from "../ops/log"
import type { Meters } from "../ops/meters"
import { type Claim, isNamed } from "../protocol/claims"
import type { Command } from "../protocol/commands"
import type { Actor } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { Instant } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { Reply } from "../protocol/replies"
import { OVERSIZED as OVERSIZED_PAYLOAD } from "../wire/socket-io/oversized"
import type { Backlog } from "./backlog"
import type { Connection, ConnectionEvents } from "./connection"
import type { Connections } from "./connections"
import { type Execute, framesOf, isBarrier } from "./execute"
import type { Subscriptions } from "./subscriptions"
import { onlineTopic, userTopic } from "./topics"

export interface ReceiveDeps {
  readonly chat: Chat
  readonly identify: Identify
  readonly connections: Connections
  readonly subscriptions: Subscriptions
  readonly backlog: Backlog
  readonly execute: Execute
  /**
   * Asked before each frame is carried out: what must be waited for first, because rights may have
   * ended unheard. Null: this node hears of all of them.
   */
  readonly doubt: (() => Promise<void> | null) | null
  readonly messageCharsMax: number
  readonly meters: Pick<Meters, "edge">
  readonly log: Log
  readonly now: () => Instant
}

type Bearer = Extract<Decoded, { kind: "authenticate" }>

/** What happens to connections: they open, frames come in, they close. */
export interface Receive {
  /** Of connections over raw WebSockets that speak this protocol. */
  eventsOf(dialect: Dialect): ConnectionEvents
  /** Of connections that send no frames, or whose frames come by `onEvent`. */
  readonly framelessEvents: ConnectionEvents
  /** A Socket.IO client has sent an event, in the protocol that has a word for it. */
  onEvent(connection: Connection, dialect: SocketIoDialect, input: SocketIoInput): void
}

export function createReceive(deps: ReceiveDeps): Receive {
  const { chat, identify, connections, subscriptions, backlog, execute, log, now } = deps
  const { meters, doubt } = deps

  function onOpen(connection: Connection): void {
    meters.edge(connection.voice.name).connections++
    if (connection.actor !== null) welcome(connection, connection.actor)
  }

  function welcome(connection: Connection, actor: Actor): void {
    const { id, voice, arrival } = connection
    connection.follow(userTopic(voice, actor.user.numericId))
    if (voice.hearsWhoIsOnline) connection.follow(onlineTopic(voice))
    chat.presence.connect(actor)
    const { messageCharsMax } = deps
    const greeting = { connectionId: id, actor, serverTime: now(), messageCharsMax }
    for (const frame of voice.greet(greeting)) connection.send(frame)
    if (arrival === null) return
    accept(connection, voice, { kind: "command", ref: undefined, command: arrival })
  }

  function onClose(connection: Connection): void {
    backlog.forget(connection)
    const meter = meters.edge(connection.voice.name)
    meter.connections--
    meter.connectionSeconds.observe((now() - connection.openedAt) / 1000)
    subscriptions.exitAll(connection)
    connections.remove(connection)
    if (connection.actor !== null) chat.presence.disconnect(connection.actor)
  }

  /** False: it asks too much, and has been told so or is being closed. */
  function admits(connection: Connection, voice: Voice): boolean {
    const verdict = connection.frameRate?.take(now()) ?? "pass"
    if (verdict === "close") connection.end("protocolViolation")
    if (verdict === "refuse") refuse(connection, voice, { error: TOO_MANY_FRAMES, ref: undefined })
    return verdict === "pass"
  }

  /** Refused without waiting in line: what asks for too much must not make us keep more. */
  function refuse(connection: Connection, voice: Voice, { error, ref }: Refusal): void {
    meters.edge(voice.name).errors[error.code]++
    connection.sendAll(voice.encodeError(error, asked(connection, ref, null)))
  }

  function onFrame(connection: Connection, dialect: Dialect, input: string | Buffer): void {
    if (!admits(connection, dialect)) return
    accept(
      connection,
      dialect,
      isOversized(input)
        ? OVERSIZED
        : decode(connection, () => dialect.decode(input, connection.arrival)),
    )
  }

  function onEvent(connection: Connection, dialect: SocketIoDialect, input: SocketIoInput): void {
    connection.isHeard = true
    if (connection.partedAt > 0 || !admits(connection, dialect)) return
    accept(
      connection,
      dialect,
      input.payload === OVERSIZED_PAYLOAD
        ? { ...OVERSIZED, ref: { event: input.event, ackId: input.ackId } }
        : decode(connection, () => dialect.decode(input)),
    )
  }

  /** Takes a request that was read into the line of its connection. */
  function accept(connection: Connection, voice: Voice, decoded: Decoded): void {
    if (connection.inbox.size >= LIMITS.pendingFramesMax) {
      const detail = `${LIMITS.pendingFramesMax} frames wait for their answers already`
      const error = new ChatError("overloaded", { detail })
      refuse(connection, voice, { error, ref: decoded.ref })
      return
    }
    if (decoded.kind === "command") chargeRooms(connection, decoded.command)
    connection.inbox.accept({
      isBarrier: decoded.kind === "command" ? isBarrier(decoded.command) : true,
      run: () => answer(connection, voice, decoded),
    })
  }

  /** Codecs do not throw; but a stack that overflows does, wherever it is. */
  function decode({ id }: Connection, read: () => Decoded): Decoded {
    try {
      return read()
    } catch (error) {
      log.error({ err: error, connection: id }, "a frame could not be read")
      return { kind: "invalid", ref: undefined, error: new ChatError("internal") }
    }
  }

  const asked = ({ actor }: Connection, ref: Asked["ref"], command: Command | null): Asked => ({
    ref,
    command,
    actor,
    at: now(),
  })

  /** One of the two places where errors are caught: every frame gets an answer. */
  async function answer(connection: Connection, voice: Voice, decoded: Decoded): Promise<Frames> {
    const { ref } = decoded
    const command = decoded.kind === "command" ? decoded.command : null
    try {
      for (let look = doubt?.(); look; look = doubt?.()) {
        await look
        if (!connection.isOpen) return null
      }
      const reply = await carryOut(connection, voice, decoded)
      if (reply === null) return null
      if (isNewMessage(reply)) meters.edge(voice.name).messages++
      return voice.encodeReply(reply, asked(connection, ref, command))
    } catch (error) {
      const refusal = error instanceof ChatError ? error : failure(connection, error)
      meters.edge(voice.name).errors[refusal.code]++
      const frames = voice.encodeError(refusal, asked(connection, ref, command))
      if (command === null || command !== connection.arrival) return frames
      // What it came for it cannot have.
      connection.sendAll(frames)
      connection.end("removed")
      return null
    }
  }

  function failure({ id }: Connection, error: unknown): ChatError {
    log.error({ err: error, connection: id }, "a frame failed")
    return new ChatError("internal", { cause: error })
  }

  /**
   * Not async itself: it is on the path of every frame, and `answer` awaits it anyway. Null: it
   * has been answered.
   */
  function carryOut(connection: Connection, voice: Voice, decoded: Decoded): Promise<Reply | null> {
    const { actor } = connection
    switch (decoded.kind) {
      case "invalid":
        throw actor === null ? new ChatError("unauthorized") : decoded.error
      case "authenticate":
        return authenticate(connection, decoded)
      case "command": {
        if (actor === null) throw new ChatError("unauthorized", { detail: "send auth first" })
        const { ref, command, claims = [] } = decoded
        refuseForeign(actor, claims)
        return execute({ connection, voice, actor, ref }, command)
      }
    }
  }

  /** The first time it says who this is; later it brings a fresh token of the same user. */
  async function authenticate(connection: Connection, { token, ref }: Bearer): Promise<Reply> {
    let fresh: Actor
    let changes: number
    do {
      changes = connections.changes
      fresh = await identify.identifyToken(token)
      // What ended while we looked did not end this connection: it was not known whose it is.
    } while (connections.changes !== changes)
    const { actor } = connection
    if (actor !== null && actor.user.id !== fresh.user.id) {
      throw new ChatError("forbidden", { detail: "this connection is another user's" })
    }
    connection.actor = fresh
    if (actor === null && connection.isOpen) {
      if (connections.isUserFull(fresh.user.numericId)) {
        connection.actor = null
        const refusal = new ChatError("rate_limited", {
          detail: "too many connections of this user",
        })
        // At once, for who is closed hears nothing more. All earlier frames have been answered.
        connection.sendAll(connection.voice.encodeError(refusal, asked(connection, ref, null)))
        connection.end("tooManyConnections")
        throw refusal
      }
      connections.addToUser(connection, fresh)
      welcome(connection, fresh)
    }
    return { type: "authenticated", user: fresh.user }
  }

  const eventsOf = (dialect: Dialect): ConnectionEvents => ({
    onOpen,
    onFrame: (connection, input) => onFrame(connection, dialect, input),
    onBacklog: backlog.look,
    onClose,
  })

  return {
    eventsOf,
    framelessEvents: { onOpen, onFrame: () => undefined, onBacklog: backlog.look, onClose },
    onEvent,
  }
}

/** Another user's id in what a client sends is an error, never obeyed. */
function refuseForeign({ user }: Actor, claims: readonly Claim[]): void {
  if (claims.every((claim) => isNamed(user, claim))) return
  throw new ChatError("forbidden", { detail: "this is another user's id" })
}

type Refusal = Pick<Extract<Decoded, { kind: "invalid" }>, "error" | "ref">

const TOO_MANY_FRAMES = new ChatError("rate_limited", {
  detail: "too many frames",
  retryAfterMs: 1000,
})

/** A message was stored; what is a duplicate was stored before. */
const isNewMessage = (reply: Reply): boolean =>
  (reply.type === "sent" || reply.type === "conversation.sent") && !reply.duplicate

/** Answered in its turn like every frame, but never looked into. */
const OVERSIZED: Decoded = {
  kind: "invalid",
  ref: undefined,
  error: new ChatError("payload_too_large", {
    detail: `a frame may have ${LIMITS.frameBytesMax} bytes`,
  }),
}

/** What makes us read many rooms counts as many frames, before it waits in line with others. */
function chargeRooms({ frameRate }: Connection, command: Command): void {
  if (command.type === "room.subscribe") frameRate?.spend(framesOf(command.rooms.length))
}

function isOversized(input: string | Buffer): boolean {
  // A UTF-16 code unit is at most three bytes of UTF-8, so most texts need no measuring.
  if (input.length > LIMITS.frameBytesMax) return true
  if (typeof input !== "string" || input.length * 3 <= LIMITS.frameBytesMax) return false
  return Buffer.byteLength(input) > LIMITS.frameBytesMax
}
