import { randomBytes } from "node:crypto"
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
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
  if (!existsSync(path)) makeSecret(path)
  return readTokenSecret(readFileSync(path, "utf8"), path)
}

/** As it is kept. */
export const makeTokenSecret = () => randomBytes(SECRET_BYTES).toString("base64url")

/** Errors: when what is kept cannot be a secret. */
export function readTokenSecret(text: string, place: string): Uint8Array {
  const secret = Buffer.from(text.trim(), "base64url")
  if (secret.length < SECRET_BYTES) throw new Error(`${place} does not hold a secret of 256 bits`)
  return secret
}

/** Written whole or not at all; of two servers that start at once, both then read one secret. */
function makeSecret(path: string): void {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, makeTokenSecret(), { mode: 0o600 })
  try {
    linkSync(draft, path)
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined
    // Some file systems have no links. There a start may find the file of another half written.
    if (code === "EPERM" || code === "ENOTSUP") renameSync(draft, path)
    else if (code !== "EEXIST") throw error
  } finally {
    rmSync(draft, { force: true })
  }
}
