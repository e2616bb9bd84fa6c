import { decodeJwt, decodeProtectedHeader, jwtVerify } from "jose"
import { z } from "zod"
import type { Instant } from "../../protocol/ids"
import { plainText } from "../../protocol/requests"
import { hashSecret } from "../secrets"
import type { KeySource, Lease } from "./key-source"
import { type ExternalProfile, profileOf } from "./profile"

export interface ExternalClaims {
  /** Who it is, in the app's own words. Never an id of ours. */
  readonly subject: string
  readonly expiresAt: Instant
  readonly profile: ExternalProfile
}

export interface ExternalTokensOptions {
  readonly issuer: string
  readonly audience: string
  readonly keys: KeySource
  readonly now: () => Instant
}

const TOKEN_CHARS_MAX = 8 * 1024

/** The app's clock may be so much ahead of ours. It forgives a start to come, never an end. */
const START_TOLERANCE_SECONDS = 30

/** Tokens whose signature was found good lately; users are looked up all the same. */
const REMEMBERED_MAX = 10_000

/** They bring or point to a key of the token's own choice, or change what the rest means. */
const REFUSED_HEADERS = ["jku", "jwk", "x5u", "x5c", "crit", "b64"]

const Header = z.object({
  alg: z.string(),
  // An app may look keys up in files by it: nothing that is or climbs a path.
  kid: z
    .string()
    .regex(/^(?!.*\.\.)[A-Za-z0-9_.-]{1,128}$/)
    .optional(),
  // Logout tokens and the like have the same issuer and audience, and give no access.
  typ: z
    .string()
    .regex(/^(jwt|(application\/)?at\+jwt)$/i)
    .optional(),
})

const Claims = z.object({ sub: plainText(1, 255), exp: z.number() })

/**
 * Tokens that an app has made for its own users. Only `iss` decides that a token is looked at
 * here, before anything of it is believed, and then our own key has no say in it.
 */
export function createExternalTokens({ issuer, audience, keys, now }: ExternalTokensOptions) {
  const remembered = new Map<string, { readonly claims: ExternalClaims; readonly lease: Lease }>()

  /** Whether the token claims to be the app's. */
  function isMeant(token: string): boolean {
    try {
      return decodeJwt(token).iss === issuer
    } catch {
      // Not even a token: whoever else is asked will say so.
      return false
    }
  }

  /** Null: not a good token of the app, or expired. Errors: `overloaded`, see `KeySource`. */
  async function read(token: string): Promise<ExternalClaims | null> {
    if (token.length > TOKEN_CHARS_MAX) return null
    const hash = hashSecret(token)
    const known = remembered.get(hash)
    if (known !== undefined && known.lease === keys.lease() && known.lease.until > now()) {
      return current(known.claims)
    }
    remembered.delete(hash)
    const found = await verify(token)
    if (found === null) return null
    if (remembered.size >= REMEMBERED_MAX) remembered.clear()
    remembered.set(hash, found)
    return current(found.claims)
  }

  async function verify(token: string) {
    const header = headerOf(token)
    if (header === null || !keys.algorithms.includes(header.alg)) return null
    const found = await keys.find(header)
    if (found === null) return null
    const payload = await payloadOf(token, found.key)
    const claims = Claims.safeParse(payload)
    if (!claims.success || payload === null) return null
    const { sub, exp } = claims.data
    return {
      claims: { subject: sub, expiresAt: exp * 1000, profile: profileOf(payload) },
      lease: found.lease,
    }
  }

  async function payloadOf(token: string, key: CryptoKey | Uint8Array) {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [...keys.algorithms],
        issuer,
        audience,
        currentDate: new Date(now()),
        clockTolerance: START_TOLERANCE_SECONDS,
      })
      return payload
    } catch {
      // Why it is not good helps only those who make such tokens.
      return null
    }
  }

  const current = (claims: ExternalClaims) => (claims.expiresAt > now() ? claims : null)

  return { isMeant, read }
}

export type ExternalTokens = ReturnType<typeof createExternalTokens>

function headerOf(token: string): z.output<typeof Header> | null {
  try {
    const header = decodeProtectedHeader(token)
    if (REFUSED_HEADERS.some((name) => Object.hasOwn(header, name))) return null
    return Header.safeParse(header).data ?? null
  } catch {
    // Not a token.
    return null
  }
}
