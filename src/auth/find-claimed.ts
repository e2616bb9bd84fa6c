import type { User } from "../protocol/entities"
import { asUserId, asUserNumericId } from "../protocol/ids"
import type { Script, Store } from "../store"

/** Finds a user by public id, username or numeric id: no text is more than one of them. */
export function* findClaimed({ users }: Pick<Store, "users">, claim: string): Script<User | null> {
  if (/^\d{1,15}$/.test(claim)) return yield* users.findByNumber(asUserNumericId(Number(claim)))
  return (yield* users.find(asUserId(claim))) ?? (yield* users.findByUsername(claim))
}
