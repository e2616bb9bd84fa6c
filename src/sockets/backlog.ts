import type { Frame } from "../dialects/dialect"
import type { Instant } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { Connection } from "./connection"
import type { Connections } from "./connections"
import type { Subscriptions } from "./subscriptions"

export interface BacklogDeps {
  readonly connections: Connections
  readonly subscriptions: Subscriptions
  /** Who takes nothing of what waits for it for so long is cut off. */
  readonly writeTimeoutMs: number
  readonly now: () => Instant
}

/**
 * Watches what clients leave unread (docs/decisions/0011). Who falls behind is told and hears no
 * typing and presence until it has caught up. Who falls too far behind hears nothing more, and is
 * closed with 4008 as soon as it has read what it was told, so that the close frame arrives.
 * Who takes nothing at all for `writeTimeoutMs` is cut off: no close frame would arrive either.
 *
 * Frames are published natively, so nobody loops over sockets here either: `server.publish` says
 * for nothing that some socket could not take a frame, and only then are all of them looked at,
 * once for every so much that was published since.
 */
export function createBacklog(deps: BacklogDeps) {
  const { connections, subscriptions, writeTimeoutMs, now } = deps
  /** For whom something waits, and since when nothing of it has been taken. */
  const waiting = new Map<Connection, Instant>()
  const slow = new Set<Connection>()
  const parting = new Set<Connection>()
  let isPressed = false
  let charsUnlooked = 0

  /** A frame was published that not all of its receivers could take at once. */
  function onPressure(frame: Frame): void {
    isPressed = true
    charsUnlooked += frame.length
    if (charsUnlooked >= LIMITS.backlogLookChars) lookAtAll()
  }

  function lookAtAll(): void {
    isPressed = false
    charsUnlooked = 0
    for (const connection of connections.all) look(connection)
  }

  function look(connection: Connection): void {
    const bytes = connection.unreadBytes
    noteWaiting(connection, bytes)
    if (parting.has(connection)) {
      endIfRead(connection, bytes)
      return
    }
    if (bytes >= LIMITS.backlogNoticeBytes) markSlow(connection)
    else if (bytes <= LIMITS.backlogRecoveredBytes) slow.delete(connection)
    if (bytes >= LIMITS.backlogCloseBytes) part(connection)
  }

  function noteWaiting(connection: Connection, bytes: number): void {
    if (bytes === 0) waiting.delete(connection)
    else if (connection.hasTaken || !waiting.has(connection)) waiting.set(connection, now())
    connection.hasTaken = false
  }

  /** A peer that we do not ping is noticed to be gone by those who do. */
  function cutOffStuck(): void {
    const instant = now()
    for (const [connection, since] of waiting) {
      if (connection.isPinged && instant - since >= writeTimeoutMs) connection.cutOff()
    }
  }

  function markSlow(connection: Connection): void {
    if (slow.has(connection)) return
    // First: telling it is one more frame that it does not take, and leads back here.
    slow.add(connection)
    const notice = connection.voice.encodeSignal({ type: "slow" })
    if (notice !== null) connection.send(notice)
  }

  function part(connection: Connection): void {
    if (parting.has(connection)) return
    parting.add(connection)
    connection.followsAll = false
    subscriptions.exitAll(connection)
    connection.part(now())
  }

  /** Bun cuts off what is unread some seconds after a close, and the close frame is the last. */
  function endIfRead(connection: Connection, bytes: number): void {
    const isRead = bytes === 0
    const isLate = now() - connection.partedAt >= LIMITS.backlogReadMsMax
    if (isRead || isLate) connection.end("slowConsumer")
  }

  return {
    /** Those who are behind: they hear nothing that may be dropped. */
    slow: slow as ReadonlySet<Connection>,
    onPressure,
    /** It has read something, or could not take what it alone was told. */
    look,
    /** Once a second: for those who are behind and whom nothing is published to. */
    sweep(): void {
      if (isPressed) lookAtAll()
      else for (const connection of [...waiting.keys()]) look(connection)
      cutOffStuck()
    },
    forget(connection: Connection): void {
      waiting.delete(connection)
      slow.delete(connection)
      parting.delete(connection)
    },
  }
}

export type Backlog = ReturnType<typeof createBacklog>
