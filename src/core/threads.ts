import type { HistoryRange } from "../protocol/commands"
import type { Actor, Message } from "../protocol/entities"
import type { MessageId } from "../protocol/ids"
import type { Script } from "../store"
import type { ChatDeps } from "./deps"
import { findReadableMessage } from "./find-message"
import type { Rooms } from "./rooms"

interface ThreadsDeps extends ChatDeps {
  readonly rooms: Rooms
}

/** What was said about one message. */
export function createThreads({ store, rooms }: ThreadsDeps) {
  /**
   * A part of the thread that began with a message, oldest first, without that message; without a
   * cursor the newest. Deleted ones keep their place. There is none of a message that is in a
   * thread itself. Errors: `message_not_found`, `banned`.
   */
  async function readThread(
    actor: Actor,
    id: MessageId,
    range: Omit<HistoryRange, "around">,
  ): Promise<readonly Message[]> {
    return await store.read(
      (function* (): Script<readonly Message[]> {
        const root = yield* findReadableMessage({ store, rooms }, actor, id)
        return yield* store.messages.thread(root, range)
      })(),
    )
  }

  return { readThread }
}

export type Threads = ReturnType<typeof createThreads>
