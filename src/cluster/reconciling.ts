import type { RoomNumericId, Seq } from "../protocol/ids"
import type { OrderDeps } from "./order"
import type { Track } from "./track"

interface ReconcilingDeps extends Pick<OrderDeps, "readHeads" | "isGone" | "meter" | "onTrouble"> {
  readonly tracks: ReadonlyMap<RoomNumericId, Track>
  readonly isFollowed: (track: Track) => boolean
  readonly expect: (track: Track, seq: Seq) => void
  readonly rollBack: (track: Track, head: Seq) => void
}

/** Rooms whose heads one query reads. */
const HEADS_PER_READ = 1_000

/** Finds out by the rooms' heads in the database which of them have more than was told here. */
export function createReconciling(deps: ReconcilingDeps) {
  const { readHeads, isGone, meter, onTrouble, tracks, isFollowed, expect, rollBack } = deps
  const unsure = new Set<RoomNumericId>()
  let isComparing = false
  let isOwed = false

  async function compare(some: readonly Track[]): Promise<void> {
    for (let start = 0; start < some.length; start += HEADS_PER_READ) {
      const chunk = some.slice(start, start + HEADS_PER_READ)
      const before = chunk.map((track) => ({ track, told: track.told }))
      const rows = await readHeads(chunk.map(({ room }) => room))
      const heads = new Map(rows.map(({ numericId, head }) => [numericId, head]))
      for (const { track, told } of before) {
        const head = heads.get(track.room)
        if (!isFollowed(track)) continue
        // What had been told before it was read was there to be read.
        if (head === undefined) isGone(track.room)
        else if (head < told) rollBack(track, head)
        else if (head > track.told) expect(track, head)
      }
    }
  }

  /** One at a time; what is asked for meanwhile is done after it. */
  async function compareAll(): Promise<void> {
    isOwed = isComparing
    if (isComparing) return
    isComparing = true
    const startedAt = performance.now()
    try {
      await compare([...tracks.values()])
      meter.reconcileSeconds.observe((performance.now() - startedAt) / 1000)
    } catch (error) {
      onTrouble(error)
    }
    isComparing = false
    if (isOwed) await compareAll()
  }

  /** With all others of this turn in one query. */
  function compareSoon(room: RoomNumericId): void {
    unsure.add(room)
    if (unsure.size === 1) setImmediate(compareUnsure)
  }

  async function compareUnsure(): Promise<void> {
    const some = [...unsure].flatMap((room) => tracks.get(room) ?? [])
    unsure.clear()
    try {
      await compare(some)
    } catch (error) {
      // All rooms are compared soon, these among them.
      onTrouble(error)
    }
  }

  return { compareAll, compareSoon }
}
