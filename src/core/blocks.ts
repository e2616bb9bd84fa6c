import type { Actor, User } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { UserId } from "../protocol/ids"
import type { Script } from "../store"
import { directKeyOf } from "./conversations"
import type { ChatDeps } from "./deps"
import { findUser } from "./find-user"

/** Who wants to hear nothing from whom. */
export function createBlocks({ store, now }: Pick<ChatDeps, "store" | "now">) {
  /**
   * From now on neither of the two can write to the other alone, or draw the other into a
   * conversation. Errors: `user_not_found`, `invalid_request` for oneself.
   */
  function blockUser(actor: Actor, id: UserId): Promise<void> {
    return store.write(function* () {
      const [by, of] = [actor.user.numericId, (yield* findOther(actor, id)).numericId]
      yield* store.blocks.put(by, of, now())
      yield* store.rooms.setBlocked(directKeyOf([by, of]), true)
      return { result: undefined, events: [] }
    })
  }

  /** What the other one has blocked stays so. Errors: as `blockUser`. */
  function unblockUser(actor: Actor, id: UserId): Promise<void> {
    return store.write(function* () {
      const [by, of] = [actor.user.numericId, (yield* findOther(actor, id)).numericId]
      yield* store.blocks.end(by, of)
      const isStillBlocked = yield* store.blocks.exists(of, by)
      yield* store.rooms.setBlocked(directKeyOf([by, of]), isStillBlocked)
      return { result: undefined, events: [] }
    })
  }

  function* findOther(actor: Actor, id: UserId): Script<User> {
    const user = yield* findUser(store, id)
    if (user.numericId !== actor.user.numericId) return user
    throw new ChatError("invalid_request", { detail: "nobody can block themselves" })
  }

  /** Whom the actor has blocked. */
  const listBlocked = (
    { user }: Actor,
    page: { readonly before: number; readonly limit: number },
  ): Promise<readonly User[]> => store.read(store.blocks.list(user.numericId, page))

  return { blockUser, unblockUser, listBlocked }
}

export type Blocks = ReturnType<typeof createBlocks>
