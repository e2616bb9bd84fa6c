import { createHmac } from "node:crypto"
import { exportJWK, exportSPKI, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose"
import { forgetServer } from "./strange"

export const ISSUER = "https://app.example"
export const AUDIENCE = "parley"

/** A key pair of the app, as it signs with it and as it tells of it. */
export interface AppKey {
  readonly kid: string
  readonly alg: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  /** Public, with `kid` and `alg`. */
  readonly jwk: JWK
  /** Public, SPKI. */
  readonly pem: string
}

export async function appKey(alg: string, kid: string): Promise<AppKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: "sig" }
  return { kid, alg, privateKey, publicKey, jwk, pem: await exportSPKI(publicKey) }
}

/** An app with users of its own: tells its keys at `url`, and can be told to behave badly. */
export interface App {
  readonly url: string
  /** How often it was asked for its keys. */
  readonly asked: () => number
  /** The keys that it tells from now on. */
  tell(...keys: readonly JWK[]): void
  /** What it answers from now on instead of its keys; null: its keys again. */
  answerWith(answer: (() => Response | Promise<Response>) | null): void
  stop(): Promise<void>
}

export function openApp(...keys: readonly JWK[]): App {
  let told = keys
  let special: (() => Response | Promise<Response>) | null = null
  let asked = 0
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch() {
      asked++
      return special === null ? Response.json({ keys: told }) : special()
    },
  })
  const url = `http://127.0.0.1:${server.port}/jwks.json`
  forgetServer(url)
  return {
    url,
    asked: () => asked,
    tell(...next) {
      told = next
    },
    answerWith(answer) {
      special = answer
    },
    stop: () => server.stop(true),
  }
}

/** Claims that are good for an hour from the instant. */
export function claimsFor(subject: string, now = Date.now(), more: JWTPayload = {}): JWTPayload {
  const seconds = Math.floor(now / 1000)
  return { iss: ISSUER, aud: AUDIENCE, sub: subject, iat: seconds, exp: seconds + 3600, ...more }
}

/** A token as a well-behaved app makes it. */
export function signed({ alg, kid, privateKey }: AppKey, claims: JWTPayload): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg, kid, typ: "JWT" }).sign(privateKey)
}

export const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")

/** A token of any header and claims, under an HMAC by any key, as a forger makes it. */
export function forged(header: object, claims: unknown, key: string | Uint8Array): string {
  const text = `${part(header)}.${part(claims)}`
  return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`
}
