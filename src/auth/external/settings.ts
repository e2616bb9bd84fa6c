import { type PublicKey, readPublicKey } from "./public-key"

/** An app that has its own users, and how its tokens are known to be its own. */
export interface ExternalIssuer {
  readonly issuer: string
  readonly audience: string
  readonly key:
    | { readonly type: "secret"; readonly secret: string }
    | { readonly type: "public"; readonly publicKey: PublicKey }
    | { readonly type: "jwks"; readonly url: string }
}

/** The settings that it is made of; each is checked by itself already. */
export interface ExternalVariables {
  readonly isProduction: boolean
  readonly JWT_SECRET: string | null
  readonly JWT_EXTERNAL_SECRET: string | null
  readonly JWT_EXTERNAL_PUBLIC_KEY: string | null
  readonly JWT_EXTERNAL_JWKS_URL: string | null
  readonly JWT_EXTERNAL_ISSUER: string | null
  readonly JWT_EXTERNAL_AUDIENCE: string | null
}

const KEY_VARIABLES = [
  "JWT_EXTERNAL_SECRET",
  "JWT_EXTERNAL_PUBLIC_KEY",
  "JWT_EXTERNAL_JWKS_URL",
] as const

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/

/**
 * What is wrong with the settings taken together, a line each. One that is missing here was set,
 * and is wrong by itself: so much is known of it, and no more.
 */
export function externalProblems(variables: Partial<ExternalVariables>): readonly string[] {
  const { JWT_SECRET, JWT_EXTERNAL_SECRET, JWT_EXTERNAL_JWKS_URL, isProduction } = variables
  const keys = KEY_VARIABLES.filter((name) => variables[name] !== null)
  const problems: string[] = []
  for (const name of ["JWT_EXTERNAL_ISSUER", "JWT_EXTERNAL_AUDIENCE"] as const) {
    const [key] = keys
    const isSet = variables[name] !== null
    if (key !== undefined && !isSet) problems.push(`${name}: must be set too, as ${key} is`)
    if (key === undefined && isSet) {
      problems.push(`${name}: means nothing without one of ${KEY_VARIABLES.join(", ")}`)
    }
  }
  if (keys.length > 1) problems.push(`${keys.join(", ")}: set only one of them`)
  // With one key for both, the app could sign tokens for our own sessions.
  if (JWT_EXTERNAL_SECRET && JWT_EXTERNAL_SECRET === JWT_SECRET) {
    problems.push("JWT_EXTERNAL_SECRET: must be another than JWT_SECRET")
  }
  // Who can change these keys on their way here can be any user of the app.
  if (JWT_EXTERNAL_JWKS_URL && isProduction) {
    const { protocol, hostname } = new URL(JWT_EXTERNAL_JWKS_URL)
    if (protocol !== "https:" && !LOOPBACK.test(hostname)) {
      problems.push("JWT_EXTERNAL_JWKS_URL: must be https in production, but for loopback")
    }
  }
  return problems
}

/** Null: there is no such app. Only for settings without problems. */
export function externalIssuerOf(variables: ExternalVariables): ExternalIssuer | null {
  const { JWT_EXTERNAL_ISSUER: issuer, JWT_EXTERNAL_AUDIENCE: audience } = variables
  const key = keyOf(variables)
  return issuer === null || audience === null || key === null ? null : { issuer, audience, key }
}

function keyOf(variables: ExternalVariables): ExternalIssuer["key"] | null {
  const secret = variables.JWT_EXTERNAL_SECRET
  if (secret !== null) return { type: "secret", secret }
  const url = variables.JWT_EXTERNAL_JWKS_URL
  if (url !== null) return { type: "jwks", url }
  const publicKey = readPublicKey(variables.JWT_EXTERNAL_PUBLIC_KEY ?? "")
  return publicKey === null ? null : { type: "public", publicKey }
}
