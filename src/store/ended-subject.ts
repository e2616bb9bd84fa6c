import { createHash } from "node:crypto"

/**
 * What is kept of a subject whose account has ended: enough to know them again, or a ban would
 * last until its owner ends the account and comes back, and not enough to say who it was.
 */
export const endedSubject = (subject: string): string =>
  `ended ${createHash("sha256").update(subject).digest("base64url")}`
