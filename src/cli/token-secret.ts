import { randomBytes } from "node:crypto"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Config } from "../config"

const SECRET_BYTES = 32

/**
 * The key of our access tokens: `JWT_SECRET`, or one made at first start and kept in the data
 * folder, readable by its owner only. Errors: when the file is there and cannot be a secret.
 */
export function loadTokenSecret({
  JWT_SECRET,
  DATA_DIR,
}: Pick<Config, "JWT_SECRET" | "DATA_DIR">): Uint8Array {
  if (JWT_SECRET !== null) return new TextEncoder().encode(JWT_SECRET)
  const path = join(DATA_DIR, "jwt-secret")
  try {
    // "wx" fails where the file exists: of two servers that start at once, both read one secret.
    writeFileSync(path, randomBytes(SECRET_BYTES).toString("base64url"), {
      flag: "wx",
      mode: 0o600,
    })
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error
  }
  const secret = Buffer.from(readFileSync(path, "utf8").trim(), "base64url")
  if (secret.length < SECRET_BYTES) throw new Error(`${path} does not hold a secret of 256 bits`)
  return secret
}
