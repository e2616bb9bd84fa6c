import { having } from "../shape"

/** What a request, or a connection, says who it comes from by. */
export interface Credential {
  readonly type: "token" | "key"
  readonly secret: string
  /** Epoch milliseconds; null: never, or nobody knows. */
  readonly expiresAt: number | null
}

export interface Credentials {
  /**
   * One that is good for a while yet. Errors: `unauthorized` for who is signed out, `offline`
   * where the one that was held has expired and no other can be had just now.
   */
  current(): Promise<Credential>
  /**
   * Another one in place of one that the server has refused, or is about to. Errors:
   * `unauthorized`, where there is none, and then the session has ended; else none was had now.
   */
  renew(refused: Credential): Promise<Credential>
}

/** Keys of a server's begin so. */
const KEY_PREFIX = "prk_"

/** A token of the app's own, or a key, as it is presented. */
export const asCredential = (secret: string): Credential => ({
  type: secret.startsWith(KEY_PREFIX) ? "key" : "token",
  secret,
  expiresAt: readLifetime(secret)?.endsAt ?? null,
})

/** Before its end a token is exchanged: this long, or a quarter of its life where that is short. */
const AHEAD_MS_MAX = 30_000

/** Epoch milliseconds, from which on another token is to be had. */
export function renewalTime({ secret, expiresAt }: Omit<Credential, "type">): number {
  if (expiresAt === null) return Number.POSITIVE_INFINITY
  return expiresAt - (readLifetime(secret)?.aheadMs ?? AHEAD_MS_MAX)
}

interface Lifetime {
  /** So long before its end it is exchanged. */
  readonly aheadMs: number
  /** Epoch milliseconds, by the clock of who made it. */
  readonly endsAt: number
}

const hasEnd = having<{ readonly exp: unknown; readonly iat?: unknown }>("exp")

/**
 * When a JWT ends. Read, not believed: whether it is good is for the server to say. Null: it does
 * not tell. Source: RFC 7519, 4.1.
 */
function readLifetime(token: string): Lifetime | null {
  const [, payload] = token.split(".")
  if (payload === undefined) return null
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")))
    if (!hasEnd(claims)) return null
    const { exp, iat } = claims
    if (typeof exp !== "number") return null
    return {
      aheadMs: typeof iat === "number" ? Math.min(AHEAD_MS_MAX, (exp - iat) * 250) : AHEAD_MS_MAX,
      endsAt: exp * 1000,
    }
  } catch {
    // A token of another kind: the server says when it has ended.
    return null
  }
}
