import type { Identify } from "../auth/identify"
import type { Chat } from "../core/chat"
import type { Decoded, Ref } from "../dialects/dialect"
import type { Log } from "../ops/log"
import type { Meters } from "../ops/meters"
import type { Command } from "../protocol/commands"
import type { Actor } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { Instant } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { Reply } from "../protocol/replies"
import type { Backlog } from "./backlog"
import type { Connection, ConnectionEvents } from "./connection"
import type { Connections } from "./connections"
import { type Execute, framesOf, isBarrier } from "./execute"
import type { Subscriptions } from "./subscriptions"
import { userTopic } from "./topics"

export interface ReceiveDeps {
  readonly chat: Chat
  readonly identify: Identify
  readonly connections: Connections
  readonly subscriptions: Subscriptions
  readonly backlog: Backlog
  readonly execute: Execute
  readonly messageCharsMax: number
  readonly meters: Pick<Meters, "edge">
  readonly log: Log
  readonly now: () => Instant
}

type Bearer = Extract<Decoded, { kind: "authenticate" }>

/** What happens to a connection: it opens, frames come in, it closes. */
export function createReceive(deps: ReceiveDeps): ConnectionEvents {
  const { chat, identify, connections, subscriptions, backlog, execute, log, now } = deps
  const { meters } = deps

  function onOpen(connection: Connection): void {
    meters.edge(connection.dialect.name).connections++
    if (connection.actor !== null) welcome(connection, connection.actor)
  }

  function welcome(connection: Connection, actor: Actor): void {
    const { id, dialect } = connection
    connection.follow(userTopic(dialect, actor.user.numericId))
    chat.presence.connect(actor)
    const { messageCharsMax } = deps
    const greeting = { connectionId: id, actor, serverTime: now(), messageCharsMax }
    for (const frame of dialect.greet(greeting)) connection.send(frame)
  }

  function onClose(connection: Connection): void {
    backlog.forget(connection)
    const meter = meters.edge(connection.dialect.name)
    meter.connections--
    meter.connectionSeconds.observe((now() - connection.openedAt) / 1000)
    subscriptions.exitAll(connection)
    connections.remove(connection)
    if (connection.actor !== null) chat.presence.disconnect(connection.actor)
  }

  function onFrame(connection: Connection, input: string | Buffer): void {
    const verdict = connection.frameRate?.take(now()) ?? "pass"
    if (verdict === "close") {
      connection.end("protocolViolation")
      return
    }
    const refusal = verdict === "refuse" ? RATE_REFUSAL : refusalOf(connection, input)
    if (refusal !== null) {
      // Refused without waiting in line: what asks for too much must not make us keep more.
      meters.edge(connection.dialect.name).errors[refusal.error.code]++
      connection.send(connection.dialect.encodeError(refusal.error, refusal.ref))
      return
    }
    const decoded = isOversized(input) ? OVERSIZED : decode(connection, input)
    if (decoded.kind === "command") chargeRooms(connection, decoded.command)
    connection.inbox.accept({
      isBarrier: decoded.kind === "command" ? isBarrier(decoded.command) : true,
      run: () => answer(connection, decoded),
    })
  }

  /** Codecs do not throw; but a stack that overflows does, wherever it is. */
  function decode({ id, dialect }: Connection, input: string | Buffer): Decoded {
    try {
      return dialect.decode(input)
    } catch (error) {
      log.error({ err: error, connection: id }, "a frame could not be read")
      return { kind: "invalid", ref: undefined, error: new ChatError("internal") }
    }
  }

  /** One of the two places where errors are caught: every frame gets an answer. */
  async function answer(connection: Connection, decoded: Decoded): Promise<string | null> {
    const { dialect } = connection
    const { ref } = decoded
    try {
      const reply = await carryOut(connection, decoded)
      if (reply.type === "sent" && !reply.duplicate) meters.edge(dialect.name).messages++
      return dialect.encodeReply(reply, ref)
    } catch (error) {
      const refusal = error instanceof ChatError ? error : failure(connection, error)
      meters.edge(dialect.name).errors[refusal.code]++
      return dialect.encodeError(refusal, ref)
    }
  }

  function failure({ id }: Connection, error: unknown): ChatError {
    log.error({ err: error, connection: id }, "a frame failed")
    return new ChatError("internal", { cause: error })
  }

  /** Not async itself: it is on the path of every frame, and `answer` awaits it anyway. */
  function carryOut(connection: Connection, decoded: Decoded): Promise<Reply> {
    const { actor } = connection
    switch (decoded.kind) {
      case "invalid":
        throw actor === null ? new ChatError("unauthorized") : decoded.error
      case "authenticate":
        return authenticate(connection, decoded)
      case "command":
        if (actor === null) throw new ChatError("unauthorized", { detail: "send auth first" })
        return execute(connection, actor, decoded.command)
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
        connection.send(connection.dialect.encodeError(refusal, ref))
        connection.end("tooManyConnections")
        throw refusal
      }
      connections.addToUser(connection, fresh)
      welcome(connection, fresh)
    }
    return { type: "authenticated", user: fresh.user }
  }

  return { onOpen, onFrame, onBacklog: backlog.look, onClose }
}

interface Refusal {
  readonly error: ChatError
  readonly ref: Ref
}

const RATE_REFUSAL: Refusal = {
  error: new ChatError("rate_limited", { detail: "too many frames", retryAfterMs: 1000 }),
  ref: undefined,
}

/** Answered in its turn like every frame, but never looked into. */
const OVERSIZED: Decoded = {
  kind: "invalid",
  ref: undefined,
  error: new ChatError("payload_too_large", {
    detail: `a frame may have ${LIMITS.frameBytesMax} bytes`,
  }),
}

function refusalOf({ inbox, dialect }: Connection, input: string | Buffer): Refusal | null {
  if (inbox.size < LIMITS.pendingFramesMax) return null
  const detail = `${LIMITS.pendingFramesMax} frames wait for their answers already`
  const ref = isOversized(input) ? undefined : dialect.decode(input).ref
  return { error: new ChatError("overloaded", { detail }), ref }
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
