import { ChatError } from "../protocol/errors"
import type { UserNumericId } from "../protocol/ids"
import type { Script, Store } from "../store"

/**
 * A user who was made by a claim is anybody's: what is given to them is given to whoever comes
 * first, and somebody may be connected as them just now. Errors: `forbidden`.
 */
export function* refuseClaimed(
  { claimedUsers }: Pick<Store, "claimedUsers">,
  user: UserNumericId,
): Script<void> {
  if (!(yield* claimedUsers.isClaimed(user))) return
  throw new ChatError("forbidden", {
    detail: "this user was made by a claim, so anybody can be them: no password, key or role",
  })
}
