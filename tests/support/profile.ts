import type { Profile } from "../../src/protocol/entities"
import { asUserId, asUserNumericId } from "../../src/protocol/ids"

/** Somebody, for what only needs a user to be told from others. */
export const profile = (number: number, username = `user-${number}`): Profile => ({
  id: asUserId(`user-${number}`),
  numericId: asUserNumericId(number),
  username,
  displayName: null,
  avatarUrl: null,
  email: null,
})
