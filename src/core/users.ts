import type { User } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { UserId } from "../protocol/ids"
import type { ChatDeps } from "./deps"

export interface UsersQuery {
  /** What usernames begin with. */
  readonly query: string | undefined
  readonly before: number
  readonly limit: number
}

export function createUsers({ store }: Pick<ChatDeps, "store">) {
  /** Errors: `user_not_found`. */
  async function getUser(id: UserId): Promise<User> {
    const user = await store.read(store.users.find(id))
    if (user === null) throw new ChatError("user_not_found")
    return user
  }

  /** Newest first. */
  const listUsers = (query: UsersQuery): Promise<readonly User[]> =>
    store.read(store.users.list(query))

  return { getUser, listUsers }
}

export type Users = ReturnType<typeof createUsers>
