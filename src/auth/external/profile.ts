import { z } from "zod"
import { DisplayName, Email, Username, WebAddress } from "../../protocol/requests"

/** What the app says of its user, as far as we can use it. */
export interface ExternalProfile {
  /** The names that they may have here, the best first. */
  readonly usernames: readonly string[]
  readonly displayName: string | null
  readonly avatarUrl: string | null
  readonly email: string | null
}

// It ends up in the pages of others: nothing that a page would run.
const Picture = WebAddress.pipe(z.url({ protocol: /^https?$/ }))

/**
 * Reads the claims of OpenID Connect (Core 1.0, 5.1). One that is missing or would not be
 * accepted from a user is left out: whoever is let in by the app is not kept out by their name.
 */
export function profileOf(claims: Readonly<Record<string, unknown>>): ExternalProfile {
  const { preferred_username, nickname, name, picture, email, email_verified } = claims
  return {
    usernames: [preferred_username, nickname, name].flatMap(
      (claim) => Username.safeParse(claim).data ?? [],
    ),
    displayName: DisplayName.safeParse(name).data ?? null,
    avatarUrl: Picture.safeParse(picture).data ?? null,
    // An address that nobody has checked may be somebody else's.
    email: email_verified === true ? (Email.safeParse(email).data ?? null) : null,
  }
}
