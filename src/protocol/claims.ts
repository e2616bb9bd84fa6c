import type { Profile } from "./entities"

/** Whom somebody says a user is: a number, or digits alone, is a numeric id. */
export type Claim = string | number

/**
 * Whether the claim names this user: by public id, username or numeric id. A claim is no
 * credential: it is checked, and never obeyed.
 */
export function isNamed(
  user: Pick<Profile, "id" | "numericId" | "username">,
  claim: Claim,
): boolean {
  const number = numberOf(claim)
  if (number !== null) return number === user.numericId
  return claim === user.id || String(claim).toLowerCase() === user.username.toLowerCase()
}

/** Null: the claim is no number. What is no number of ours is one that nobody has. */
export function numberOf(claim: Claim): number | null {
  if (typeof claim === "string" && !/^\d+$/.test(claim)) return null
  const number = Number(claim)
  return Number.isSafeInteger(number) ? number : -1
}
