import type { Connection } from "../connection/connection"
import { ParleyError } from "../error"
import type { RoomModel } from "./room-model"
import { withLastMessage } from "./room-state"

const AT_ONCE = 4
/** After so many the rest takes its time: there is a bound on frames a second, and others to send. */
const QUICKLY = 200
const SLOWLY_MS = 100

/** Finds out what was said last in rooms of which only is known how far they have come. */
export function createLastMessages({ ask }: Pick<Connection, "ask">) {
  /** Of these it is known that nothing was said, up to that seq. */
  const silent = new Map<string, number>()
  let turn = 0

  async function read(room: RoomModel): Promise<void> {
    const { state } = room
    if (state === null) return
    const answer = await ask("history", { room_id: room.id, limit: 1 })
    const [message] = "messages" in answer ? answer.messages : []
    if (message !== undefined) room.change((known) => withLastMessage(known, message))
    else silent.set(room.id, state.room.head)
  }

  const isUnknown = ({ id, state }: RoomModel): boolean =>
    state !== null && state.lastMessage === null && (silent.get(id) ?? 0) < state.room.head

  return {
    /** Gives up what was begun before. Never rejects. */
    async load(rooms: readonly RoomModel[]): Promise<void> {
      const own = ++turn
      const queue = rooms.filter(isUnknown)
      let count = 0
      const work = async (): Promise<void> => {
        for (let room = queue.shift(); room !== undefined; room = queue.shift()) {
          if (own !== turn) return
          if (++count > QUICKLY) await new Promise((resolve) => setTimeout(resolve, SLOWLY_MS))
          try {
            if (isUnknown(room)) await read(room)
          } catch (error) {
            if (!(error instanceof ParleyError)) throw error
            if (error.code === "offline" || error.isRetryable) return
          }
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
    },
    stop(): void {
      turn++
      silent.clear()
    },
  }
}
