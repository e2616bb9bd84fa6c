import type { Seq } from "../protocol/ids"
import type { OrderDeps, Replay } from "./order"
import { hasFallenBehind, type Track } from "./track"

interface RepairsDeps extends Pick<OrderDeps, "readEvents" | "meter" | "onTrouble"> {
  readonly isFollowed: (track: Track) => boolean
  /** Returns how many events were told. */
  readonly tellPage: (track: Track, page: Replay) => number
  readonly expect: (track: Track, seq: Seq) => void
}

/** However many rooms have gaps at once: clients' own reads want their turn as well. */
const REPAIRS_AT_ONCE = 4

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

/**
 * Reads what rooms miss, a few rooms at a time, those first that somebody waits for. What cannot
 * be read is left: comparing all rooms, which asks little, finds them again when it can be.
 */
export function createRepairs(deps: RepairsDeps) {
  const { readEvents, onTrouble, meter, isFollowed, tellPage, expect } = deps
  const due = new Set<Track>()
  const hurried = new Set<Track>()
  let reading = 0

  function start(): void {
    while (reading < REPAIRS_AT_ONCE) {
      const [track] = hurried.size > 0 ? hurried : due
      if (track === undefined) return
      forget(track)
      void repair(track)
    }
  }

  function forget(track: Track): void {
    hurried.delete(track)
    due.delete(track)
  }

  async function repair(track: Track): Promise<void> {
    reading++
    track.isReading = true
    const { told } = track
    const startedAt = performance.now()
    meter.repairs++
    try {
      await readOn(track)
    } catch (error) {
      due.clear()
      hurried.clear()
      onTrouble(error)
      return
    } finally {
      reading--
      track.isReading = false
      meter.repairSeconds.observe((performance.now() - startedAt) / 1000)
    }
    if (isFollowed(track) && hasFallenBehind(track)) goOn(track, track.told > told)
    start()
  }

  async function readOn(track: Track): Promise<void> {
    for (let isMore = true; isMore && isFollowed(track); ) {
      const page = await readEvents(track.room, track.told)
      if (!isFollowed(track)) return
      meter.repaired += tellPage(track, page)
      isMore = page.more
      // A room may have missed much: others have their turn between two pages of it.
      if (isMore) await nextTurn()
    }
  }

  /** More became known while it was read. Where reading has brought nothing, not at once. */
  function goOn(track: Track, hasMoved: boolean): void {
    if (hasMoved && track.waiters.length > 0) hurried.add(track)
    else expect(track, track.known)
  }

  return {
    queue(track: Track): void {
      if (track.isReading) return
      due.add(track)
      start()
    },
    /** Somebody waits for it. */
    hurry(track: Track): void {
      if (track.isReading) return
      hurried.add(track)
      start()
    },
    forget,
  }
}
