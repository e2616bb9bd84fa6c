import { createPublicKey, type KeyObject } from "node:crypto"

/** The algorithms by which an app may sign with a private key; one for each type of key. */
export const PUBLIC_KEY_ALGORITHMS = ["RS256", "ES256", "EdDSA"] as const
export type PublicKeyAlgorithm = (typeof PUBLIC_KEY_ALGORITHMS)[number]

export interface PublicKey {
  /** SPKI, in PEM. */
  readonly pem: string
  /** The only one that counts with this key: its type decides, never a token. */
  readonly algorithm: PublicKeyAlgorithm
}

const RSA_BITS_MIN = 2048

/**
 * Reads a public key in PEM; `\n` may stand for a line break, as it does in many environments.
 * Null: not a public key, or none that we verify with.
 */
export function readPublicKey(text: string): PublicKey | null {
  const pem = text.replaceAll("\\n", "\n").trim()
  // A private key would be read too, and has no business here.
  if (!/^-----BEGIN (RSA )?PUBLIC KEY-----\n/.test(pem)) return null
  const key = parse(pem)
  const algorithm = key === null ? null : algorithmOf(key)
  if (key === null || algorithm === null) return null
  return { pem: key.export({ type: "spki", format: "pem" }).toString(), algorithm }
}

function parse(pem: string): KeyObject | null {
  try {
    return createPublicKey(pem)
  } catch {
    // Its reasons are OpenSSL's, and say nothing to whoever pasted the wrong text.
    return null
  }
}

function algorithmOf({
  asymmetricKeyType,
  asymmetricKeyDetails,
}: KeyObject): PublicKeyAlgorithm | null {
  switch (asymmetricKeyType) {
    case "rsa":
      return (asymmetricKeyDetails?.modulusLength ?? 0) >= RSA_BITS_MIN ? "RS256" : null
    case "ec":
      return asymmetricKeyDetails?.namedCurve === "prime256v1" ? "ES256" : null
    case "ed25519":
      return "EdDSA"
    default:
      return null
  }
}
