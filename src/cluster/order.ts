import type { BusMessage, RoomEvent, RoomRef } from "../protocol/events"
import type { RoomNumericId, Seq, UserNumericId } from "../protocol/ids"
import type { Bus } from "./bus"
import type { Hearing } from "./hearing"
import { createReconciling } from "./reconciling"
import { createRepairs } from "./repairs"
import { HOLD_MS, RECONCILE_MS } from "./timing"
import { dropHeld, endWaits, hasFallenBehind, newSince, startTrack, type Track } from "./track"

/** What of a room's events the sockets of this node have been told. */
export interface Ordering {
  /** Up to where the room has been told; 0 where that is not known. */
  toldOf(room: RoomRef): Seq
  /**
   * True: the room has been told up to there. False: that did not come about in time. Nothing to
   * wait for is no promise, so that a caller goes on in the same turn.
   */
  reach(room: RoomRef, seq: Seq): Promise<boolean> | undefined
  /** Somebody here begins to listen, who knows the room up to `head` from the database. */
  follow(room: RoomRef, head: Seq): void
  /** Nobody here listens any more. */
  unfollow(room: RoomRef): void
}

/** A part of what the database has of a room. */
export interface Replay {
  /** In the order of their seqs, each changed thing once, in its last state. */
  readonly events: readonly RoomEvent[]
  /** Up to here they tell everything. */
  readonly until: Seq
  /** The room goes on after that. */
  readonly more: boolean
}

/** What is counted of it. */
export interface OrderMeter {
  /** Events that came before an earlier one and were held back. */
  held: number
  /** Reads of what a room missed. */
  repairs: number
  /** Events that were told from what was read. */
  repaired: number
  /** Events that had been told before. */
  doubles: number
  readonly repairSeconds: { observe(seconds: number): void }
  readonly reconcileSeconds: { observe(seconds: number): void }
}

export interface OrderDeps {
  readonly bus: Pick<Bus, "follow" | "unfollow">
  /** Null: there are no other nodes. */
  readonly hearing: Hearing | null
  readonly readEvents: (room: RoomNumericId, since: Seq) => Promise<Replay>
  readonly readHeads: (
    rooms: readonly RoomNumericId[],
  ) => Promise<readonly { readonly numericId: RoomNumericId; readonly head: Seq }[]>
  readonly deliver: (message: BusMessage) => void
  /**
   * Where this user is a member may not have been told here as it came about. With a room: they may
   * be none of it any more.
   */
  readonly doubt: (user: UserNumericId, room?: RoomRef) => void
  /** There is no such room any more, and who listens to it was perhaps not told. */
  readonly isGone: (room: RoomNumericId) => void
  readonly meter: OrderMeter
  readonly onTrouble: (error: unknown) => void
  readonly holdMs?: number
  readonly reconcileMs?: number
}

/** So many events are held back in all rooms together; others are read again when it is time. */
const HELD_MAX = 10_000

/** Who waits for the room to be told so far waits so long at the most. */
const REACH_MS = 2_000

/**
 * Between the bus and the sockets: each room that somebody here listens to is told in the order
 * of its seqs, nothing twice and nothing left out. The bus is the bell and the database is the
 * truth: an event that came before an earlier one is held back for `HOLD_MS`; what is missing
 * then is read. A changed thing is read in its last state only, so seqs may be left out, and what
 * comes later with one of these is dropped.
 *
 * What ends a right waits for nothing: who has left hears nothing from that moment on, also where
 * the others are told of it later. What has no seq passes at once.
 *
 * The answer to who sends does not wait for an event that is held back here: on a cluster it may
 * come before the sender's own event, which follows as soon as the gap before it is closed.
 */
export function createOrder(deps: OrderDeps) {
  const { bus, hearing, deliver, doubt, meter, onTrouble } = deps
  const { holdMs = HOLD_MS, reconcileMs = RECONCILE_MS } = deps
  const tracks = new Map<RoomNumericId, Track>()
  let heldCount = 0
  let interval: Timer | undefined
  const isFollowed = (track: Track) => tracks.get(track.room) === track
  const repairs = createRepairs({ ...deps, isFollowed, tellPage, expect, onTrouble })
  const reconciling = createReconciling({ ...deps, tracks, isFollowed, expect, rollBack })
  hearing?.on({ followed: reconciling.compareSoon, missed: reconciling.compareAll })

  function receive(message: BusMessage): void {
    // A read mark has a seq as well, which is not its own.
    const isOrdered = "seq" in message && message.type !== "read"
    const track = isOrdered ? tracks.get(message.room.numericId) : undefined
    if (!isOrdered) pass(message)
    else if (track === undefined) deliver(message)
    else if (message.seq <= track.told) meter.doubles++
    else if (message.seq === track.told + 1) {
      tell(track, message)
      drain(track)
    } else if (message.type === "room.deleted") skipTo(track, message)
    else hold(track, message)
  }

  /** Who learns that they are out of a room before the room does may hear it still. */
  function pass(message: BusMessage): void {
    deliver(message)
    if (message.type !== "room.removed") return
    const track = tracks.get(message.room.numericId)
    if (track !== undefined && track.told < message.room.head) doubt(message.user, message.room)
  }

  function tell(track: Track, event: RoomEvent): void {
    track.told = event.seq
    deliver(track.asNew?.(event) ?? event)
    if (track.waiters.length > 0) endWaits(track)
  }

  /** What came late or was read tells nothing of what came in between: memberships least of all. */
  function tellLate(track: Track, event: RoomEvent): void {
    tell(track, event)
    if ("member" in event) doubt(event.member.user.numericId)
  }

  /** Nobody can be told more of a room that is no more. */
  function skipTo(track: Track, event: RoomEvent): void {
    heldCount -= dropHeld(track, event.seq)
    tell(track, event)
  }

  function hold(track: Track, event: RoomEvent): void {
    if (track.held.has(event.seq)) {
      meter.doubles++
      return
    }
    if (heldCount < HELD_MAX) {
      track.held.set(event.seq, event)
      heldCount++
      meter.held++
    }
    expect(track, event.seq)
    // Whose account has ended is closed by another word, which is held back by nothing.
    if (event.type === "member.left" && event.accountEnds !== true) {
      const user = event.member.user.numericId
      deliver({ type: "access.ended", user, room: event.room })
    }
  }

  function drain(track: Track): void {
    for (;;) {
      const next = isFollowed(track) ? track.held.get(track.told + 1) : undefined
      if (next === undefined) return
      track.held.delete(next.seq)
      heldCount--
      tellLate(track, next)
    }
  }

  /** There is this seq: unless it is told by itself within `HOLD_MS`, it is read. */
  function expect(track: Track, seq: Seq): void {
    if (seq > track.known) track.known = seq
    if (!hasFallenBehind(track) || track.timer !== null || track.isReading) return
    const { known } = track
    track.timer = setTimeout(() => {
      track.timer = null
      if (track.told < known) repairs.queue(track)
      else expect(track, track.known)
    }, holdMs)
  }

  /** Returns how many events were told. */
  function tellPage(track: Track, { events, until, more }: Replay): number {
    const bySeq = new Map(events.map((event) => [event.seq, event]))
    for (const [seq, event] of track.held) {
      // A message as it was first is told too; a membership of before would undo that of now.
      if (seq <= until && !bySeq.has(seq) && "message" in event) bySeq.set(seq, event)
    }
    track.asNew ??= newSince(track.told)
    let count = 0
    for (const event of [...bySeq.values()].sort((one, other) => one.seq - other.seq)) {
      if (!isFollowed(track)) return count
      if (event.seq <= track.told) continue
      tellLate(track, event)
      count++
    }
    if (!isFollowed(track)) return count
    track.told = Math.max(track.told, until)
    if (!more) track.asNew = null
    heldCount -= dropHeld(track, track.told)
    endWaits(track)
    drain(track)
    return count
  }

  /** The database has gone back, as after a restore: what it counts anew are no doubles. */
  function rollBack(track: Track, head: Seq): void {
    heldCount -= dropHeld(track, Number.MAX_SAFE_INTEGER)
    track.asNew = null
    track.told = head
    track.known = head
  }

  function follow({ numericId }: RoomRef, head: Seq): void {
    if (tracks.has(numericId)) return
    tracks.set(numericId, startTrack(numericId, head))
    bus.follow(numericId)
    // Of what happened since the head was read nothing was heard here.
    if (hearing === null) reconciling.compareSoon(numericId)
  }

  function unfollow({ numericId }: RoomRef): void {
    const track = tracks.get(numericId)
    if (track !== undefined) end(track)
  }

  function end(track: Track): void {
    tracks.delete(track.room)
    repairs.forget(track)
    if (track.timer !== null) clearTimeout(track.timer)
    heldCount -= dropHeld(track, Number.MAX_SAFE_INTEGER)
    for (const waiter of track.waiters.splice(0)) waiter.end(true)
    bus.unfollow(track.room)
  }

  function reach({ numericId }: RoomRef, seq: Seq): Promise<boolean> | undefined {
    const track = tracks.get(numericId)
    if (track === undefined || track.told >= seq) return undefined
    if (seq > track.known) track.known = seq
    return new Promise((resolve) => {
      const timer = setTimeout(() => waiter.end(false), REACH_MS)
      const waiter = {
        seq,
        end(isTold: boolean) {
          clearTimeout(timer)
          track.waiters = track.waiters.filter((it) => it !== waiter)
          resolve(isTold)
        },
      }
      track.waiters.push(waiter)
      repairs.hurry(track)
    })
  }

  return {
    receive,
    toldOf: ({ numericId }: RoomRef): Seq => tracks.get(numericId)?.told ?? 0,
    reach,
    follow,
    unfollow,
    /** Resolves when all rooms have been compared, not when they have been repaired. */
    reconcileAll: reconciling.compareAll,
    start(): void {
      interval = setInterval(reconciling.compareAll, reconcileMs)
    },
    stop(): void {
      clearInterval(interval)
      for (const track of [...tracks.values()]) end(track)
    },
  }
}

export type Order = ReturnType<typeof createOrder>
