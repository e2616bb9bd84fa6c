import type { ApiChanges } from "../../protocol/answers"
import type { SubscribedRoom } from "../../protocol/server-frames"
import type { Connection } from "../connection/connection"
import { ParleyError } from "../error"
import { isRetryable } from "../error-codes"
import { LIMITS } from "../limits"
import { createTimer } from "../timer"
import type { RoomModel } from "./room-model"

interface CatchingUpDeps {
  readonly ask: Connection["ask"]
  readonly find: (roomId: string) => RoomModel | undefined
  /** A room of mine of which nothing was known. */
  readonly onUnknown: (roomId: string, answer: ApiChanges) => void
  /** A room that one may not hear, or not now. */
  readonly onRefused: (room: RoomModel, error: ParleyError) => void
}

const AGAIN_MS = 1_000

/** Listening to rooms from where they are known, until all that was missed has been told. */
export function createCatchingUp({ ask, find, onUnknown, onRefused }: CatchingUpDeps) {
  /** Rooms in which something is missing. */
  const gaps = new Set<RoomModel>()
  let isRepairing = false
  const timer = createTimer(() => void repairAll())

  /**
   * Hears these rooms from now on. With `all`, also those of mine that are not known yet, now and
   * later. Errors: `offline` and those of `subscribe`.
   */
  async function catchUp(
    rooms: readonly RoomModel[],
    { all }: { readonly all: boolean },
  ): Promise<void> {
    let rest = rooms.filter(({ state }) => state !== null)
    let isFirst = true
    while (rest.length > 0 || (all && isFirst)) {
      const chunk = rest.slice(0, LIMITS.roomsPerFrameMax)
      const more = await subscribe(chunk, all && isFirst)
      rest = [...rest.slice(LIMITS.roomsPerFrameMax), ...more]
      isFirst = false
    }
  }

  /** Those of which there is more to tell. */
  async function subscribe(chunk: readonly RoomModel[], all: boolean): Promise<RoomModel[]> {
    const positions = chunk.flatMap(({ id, state, feed }) =>
      state === null ? [] : [{ room_id: id, epoch: state.room.epoch, since: feed.until }],
    )
    const since = new Map(positions.map((it) => [it.room_id, it.since]))
    const answer = await ask("subscribe", { rooms: positions, ...(all ? { all: true } : {}) })
    if (!("rooms" in answer)) return []
    return answer.rooms.flatMap((told) => {
      const room = find(told.room_id)
      if (room === undefined || room.state === null) {
        if (!("error" in told)) onUnknown(told.room_id, told)
        return []
      }
      return take(room, told, since.get(told.room_id)) ? [room] : []
    })
  }

  function take(room: RoomModel, told: SubscribedRoom, since = room.feed.until): boolean {
    if (!("error" in told)) return room.told(told, since)
    const { code, message } = told.error
    onRefused(room, new ParleyError(code, message, { isRetryable: isRetryable(code) }))
    return false
  }

  async function repairAll(): Promise<void> {
    if (isRepairing || timer.isSet) return
    isRepairing = true
    try {
      while (gaps.size > 0) {
        const rooms = [...gaps]
        gaps.clear()
        await catchUp(rooms, { all: false })
      }
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
      // On the next connection everything is asked for anyway.
      if (error.code !== "offline") timer.start(error.retryAfterMs ?? AGAIN_MS)
    } finally {
      isRepairing = false
    }
  }

  return {
    catchUp,
    /** Something of this room is missing. */
    repair(room: RoomModel): void {
      gaps.add(room)
      queueMicrotask(() => void repairAll())
    },
    close(): void {
      gaps.clear()
      timer.stop()
    },
  }
}

export type CatchingUp = ReturnType<typeof createCatchingUp>
