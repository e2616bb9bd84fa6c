import type { Profile } from "./entities"

/**
 * Whether what a client says of itself names this user: by public id, username or numeric id.
 * A claim is no credential: it is checked, and never obeyed.
 */
export function isNamed(user: Profile, claim: string | number): boolean {
  const text = String(claim)
  if (/^\d+$/.test(text)) return text === String(user.numericId)
  return text === user.id || text.toLowerCase() === user.username.toLowerCase()
}
