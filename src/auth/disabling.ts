import type { Actor, User } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { UserId } from "../protocol/ids"
import type { Store } from "../store"
import type { Administration } from "./administration"

interface DisablingDeps {
  readonly store: Store
  readonly administration: Pick<Administration, "disableUser" | "enableUser">
}

/**
 * Keeping people out and letting them in again, for admins. Errors: `forbidden` for everybody
 * else, `user_not_found`.
 */
export function createDisabling({ store, administration }: DisablingDeps) {
  /** By the public id alone: whose name looks like another's must not be taken for them. */
  async function find(actor: Actor, id: UserId): Promise<User> {
    if (actor.user.role !== "admin") throw new ChatError("forbidden")
    const user = await store.read(store.users.find(id))
    if (user === null) throw new ChatError("user_not_found")
    return user
  }

  return {
    /** Ends the user's sockets and refuses all their credentials. Nobody can do so to themselves. */
    async disableUser(actor: Actor, id: UserId): Promise<User> {
      const user = await find(actor, id)
      if (user.id === actor.user.id) {
        throw new ChatError("forbidden", { detail: "you cannot disable yourself" })
      }
      return administration.disableUser(user.id)
    },
    /** What has not ended meanwhile is good again. */
    enableUser: async (actor: Actor, id: UserId): Promise<User> =>
      administration.enableUser((await find(actor, id)).id),
  }
}

export type Disabling = ReturnType<typeof createDisabling>
