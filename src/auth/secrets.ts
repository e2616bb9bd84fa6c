import { createHash, randomBytes, timingSafeEqual } from "node:crypto"
import { asInviteCode, type InviteCode } from "../protocol/ids"

/** A secret that a client keeps: 256 random bits, with a prefix that scanners recognise. */
export const newSecret = (prefix: "prt" | "prk"): string =>
  `${prefix}_${randomBytes(32).toString("base64url")}`

/** A password for somebody who was not asked for one: 120 random bits, to be changed or kept. */
export const newPassword = (): string => randomBytes(15).toString("base64url")

/**
 * A code that lets people in: 128 random bits. In hexadecimal, so that none begins with a dash,
 * which `parley invite revoke` would take for an option, and a double click selects all of it.
 */
export const newInviteCode = (): InviteCode => asInviteCode(randomBytes(16).toString("hex"))

/**
 * The form in which such secrets are stored. One round of SHA-256 is enough: there is nothing
 * to guess in 256 random bits.
 */
export const hashSecret = (secret: string): string =>
  createHash("sha256").update(secret).digest("base64url")

/** Compares without telling by its time how much was right. */
export function secretsMatch(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
