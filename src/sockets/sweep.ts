import type { Instant } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { Backlog } from "./backlog"
import type { Connection } from "./connection"
import type { Connections } from "./connections"
import { endWithWord } from "./farewell"
import type { Heads } from "./heads"

export interface SweepDeps {
  readonly connections: Connections
  readonly heads: Heads
  readonly backlog: Pick<Backlog, "sweep">
  readonly pingPeriodMs: number
  readonly pongWaitMs: number
  readonly now: () => Instant
  /** From 0 to 1: spreads first heartbeats, or all who reconnected together would beat together. */
  readonly random: () => number
  /** How long it is from one look to the next. */
  readonly everyMs?: number | undefined
}

const SWEEP_MS = 1000

/**
 * Looks at every connection once a second: pings, heartbeats and deadlines of all of them cost
 * one timer. A client that is silent for `pongWaitMs` is closed however much we push to it,
 * which Bun's own idle timeout does not do.
 */
export function createSweep(deps: SweepDeps) {
  const { connections, heads, backlog, pingPeriodMs, pongWaitMs, now, random } = deps
  const { everyMs = SWEEP_MS } = deps

  function sweep(): void {
    const instant = now()
    for (const connection of connections.all) check(connection, instant)
    backlog.sweep()
    heads.forgetBefore(instant - 2 * LIMITS.heartbeatMs)
  }

  function check(connection: Connection, instant: Instant): void {
    if (connection.isHeard) {
      connection.isHeard = false
      connection.heardAt = instant
    }
    const { actor } = connection
    if (actor === null) {
      if (instant - connection.openedAt >= LIMITS.authFrameMsMax) connection.end("authTimeout")
      return
    }
    const { via } = actor
    if ("expiresAt" in via && via.expiresAt !== null && via.expiresAt <= instant) {
      endWithWord(connection, via.type === "key" ? "revoked" : "tokenExpired", instant)
      return
    }
    if (connection.isPinged && instant - connection.heardAt >= pongWaitMs) {
      connection.end("pongTimeout")
      return
    }
    if (connection.pingDueAt === 0) startBeating(connection, instant)
    if (connection.isPinged && instant >= connection.pingDueAt) {
      connection.pingDueAt = instant + pingPeriodMs
      connection.ping()
    }
    const { heartbeatMs } = connection.voice
    if (heartbeatMs > 0 && instant >= connection.heartbeatDueAt) beat(connection, instant)
  }

  function startBeating(connection: Connection, instant: Instant): void {
    connection.pingDueAt = instant + pingPeriodMs * random()
    connection.heartbeatDueAt = instant + connection.voice.heartbeatMs * random()
  }

  function beat(connection: Connection, instant: Instant): void {
    const { voice, audiences, toldHeadsAt } = connection
    const moved = heads.movedSince(audiences.values(), toldHeadsAt)
    connection.toldHeadsAt = instant
    connection.heartbeatDueAt = instant + voice.heartbeatMs
    const frame = voice.encodeSignal({ type: "heartbeat", heads: moved, at: instant })
    if (frame !== null) connection.send(frame)
  }

  let timer: Timer | undefined
  return {
    start: () => {
      timer = setInterval(sweep, everyMs)
    },
    stop: () => clearInterval(timer),
    sweep,
  }
}

export type Sweep = ReturnType<typeof createSweep>
