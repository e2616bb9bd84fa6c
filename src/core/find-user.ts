import type { User } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import { SYSTEM_NUMERIC_ID, type UserId } from "../protocol/ids"
import type { Script, Store } from "../store"

/** Somebody to act on; the server's own user is nobody. Errors: `user_not_found`. */
export function* findUser({ users }: Pick<Store, "users">, id: UserId): Script<User> {
  const user = yield* users.find(id)
  if (user === null || user.numericId === SYSTEM_NUMERIC_ID) throw new ChatError("user_not_found")
  return user
}
