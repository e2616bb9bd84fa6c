import { jwt } from "@elysiajs/jwt"
import { z } from "zod"
import { asSessionId, asUserId, type Instant, type SessionId, type UserId } from "../protocol/ids"

export interface AccessClaims {
  readonly userId: UserId
  readonly sessionId: SessionId
  readonly expiresAt: Instant
}

export interface TokensOptions {
  /** The key of our own tokens: at least 256 bits. */
  readonly secret: Uint8Array
  readonly accessTokenMs: number
  readonly now: () => Instant
}

const Claims = z.object({ sub: z.string(), sid: z.string(), exp: z.number().int() })

/** Tokens whose signature was found good lately; sessions are looked up all the same. */
const REMEMBERED_MAX = 10_000

/**
 * Access tokens: JWTs by HS256 and no other algorithm, `sub` the public user id, `sid` the
 * session. A good signature says who it was made for, not that the session still lives.
 */
export function createTokens({ secret, accessTokenMs, now }: TokensOptions) {
  const { sign, verify } = jwt({ secret, alg: "HS256" }).decorator.jwt
  const remembered = new Map<string, AccessClaims>()

  async function issue(userId: UserId, sessionId: SessionId) {
    const expiresAt = now() + accessTokenMs
    const token = await sign({ sub: userId, sid: sessionId, exp: Math.floor(expiresAt / 1000) })
    return { token, expiresInSeconds: Math.floor(accessTokenMs / 1000) }
  }

  /** Null: not a token of ours, or expired. */
  async function read(token: string): Promise<AccessClaims | null> {
    const known = remembered.get(token)
    if (known !== undefined) return known.expiresAt > now() ? known : null
    const payload = await verify(token, { algorithms: ["HS256"], currentDate: new Date(now()) })
    const claims = Claims.safeParse(payload)
    if (!claims.success) return null
    const { sub, sid, exp } = claims.data
    const found = {
      userId: asUserId(sub),
      sessionId: asSessionId(sid),
      expiresAt: exp * 1000,
    }
    if (remembered.size >= REMEMBERED_MAX) remembered.clear()
    remembered.set(token, found)
    return found
  }

  return { issue, read }
}

export type Tokens = ReturnType<typeof createTokens>
