import { describe, expect, test } from "bun:test"
import { generateKeyPairSync } from "node:crypto"
import { externalIssuerOf } from "../../../src/auth/external/settings"
import { ConfigError, readConfig } from "../../../src/config"

const SECRET = "the secret of the app, 32 letters"
const URL_OF_KEYS = "https://app.example/.well-known/jwks.json"
const NAMES = { JWT_EXTERNAL_ISSUER: "https://app.example", JWT_EXTERNAL_AUDIENCE: "parley" }

function problemsOf(env: Readonly<Record<string, string>>): string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n")
    throw error
  }
  return []
}

/** A public key in PEM, as each of these types has it. */
const PEMS = {
  "RSA of 2048 bits": pemOf(generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey),
  "RSA of 1024 bits": pemOf(generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey),
  "P-256": pemOf(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey),
  "P-384": pemOf(generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey),
  Ed25519: pemOf(generateKeyPairSync("ed25519").publicKey),
  X25519: pemOf(generateKeyPairSync("x25519").publicKey),
}

function pemOf(key: { export(options: { type: "spki"; format: "pem" }): string | Buffer }): string {
  return key.export({ type: "spki", format: "pem" }).toString()
}

describe("the settings of an app with its own users", () => {
  test("without any there is no app; with one key and both names there is", () => {
    expect(externalIssuerOf(readConfig({}))).toBeNull()
    expect(externalIssuerOf(readConfig({ ...NAMES, JWT_EXTERNAL_SECRET: SECRET }))).toEqual({
      issuer: "https://app.example",
      audience: "parley",
      key: { type: "secret", secret: SECRET },
    })
    expect(externalIssuerOf(readConfig({ ...NAMES, JWT_EXTERNAL_JWKS_URL: URL_OF_KEYS }))).toEqual({
      issuer: "https://app.example",
      audience: "parley",
      key: { type: "jwks", url: URL_OF_KEYS },
    })
  })

  test.each([
    ["RSA of 2048 bits", "RS256"],
    ["P-256", "ES256"],
    ["Ed25519", "EdDSA"],
  ] as const)("a key of the type %s is for %s", (type, algorithm) => {
    const config = readConfig({ ...NAMES, JWT_EXTERNAL_PUBLIC_KEY: PEMS[type] })

    expect(externalIssuerOf(config)?.key).toEqual({
      type: "public",
      publicKey: { pem: PEMS[type], algorithm },
    })
  })

  test.each<[string, string]>([
    ["RSA of 1024 bits", PEMS["RSA of 1024 bits"]],
    ["P-384", PEMS["P-384"]],
    ["X25519", PEMS.X25519],
    [
      "a private key",
      generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    ],
    ["half a key", PEMS["P-256"].slice(0, 80)],
    ["a secret", SECRET],
  ])("%s is no public key, and is not told on", (_type, text) => {
    expect(problemsOf({ ...NAMES, JWT_EXTERNAL_PUBLIC_KEY: text })).toEqual([
      "JWT_EXTERNAL_PUBLIC_KEY: must be a public key in PEM: RSA of 2048 bits or more, P-256 or Ed25519",
    ])
  })

  test.each([
    ["JWT_EXTERNAL_SECRET", SECRET],
    ["JWT_EXTERNAL_PUBLIC_KEY", PEMS["P-256"]],
    ["JWT_EXTERNAL_JWKS_URL", URL_OF_KEYS],
  ])("%s needs both names, and each that is missing is named", (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([
      `JWT_EXTERNAL_ISSUER: must be set too, as ${name} is`,
      `JWT_EXTERNAL_AUDIENCE: must be set too, as ${name} is`,
    ])
    expect(problemsOf({ [name]: value, JWT_EXTERNAL_ISSUER: "x" })).toEqual([
      `JWT_EXTERNAL_AUDIENCE: must be set too, as ${name} is`,
    ])
    expect(problemsOf({ [name]: value, JWT_EXTERNAL_AUDIENCE: "x" })).toEqual([
      `JWT_EXTERNAL_ISSUER: must be set too, as ${name} is`,
    ])
    expect(problemsOf({ [name]: value, ...NAMES })).toEqual([])
  })

  test("a name without a key means nothing, so nobody is left to believe that it does", () => {
    const keys = "JWT_EXTERNAL_SECRET, JWT_EXTERNAL_PUBLIC_KEY, JWT_EXTERNAL_JWKS_URL"

    expect(problemsOf(NAMES)).toEqual([
      `JWT_EXTERNAL_ISSUER: means nothing without one of ${keys}`,
      `JWT_EXTERNAL_AUDIENCE: means nothing without one of ${keys}`,
    ])
  })

  test("two keys are one too many", () => {
    const both = { JWT_EXTERNAL_SECRET: SECRET, JWT_EXTERNAL_JWKS_URL: URL_OF_KEYS }

    expect(problemsOf({ ...NAMES, ...both })).toEqual([
      "JWT_EXTERNAL_SECRET, JWT_EXTERNAL_JWKS_URL: set only one of them",
    ])
  })

  test("a secret has 32 characters, and is not our own", () => {
    expect(problemsOf({ ...NAMES, JWT_EXTERNAL_SECRET: "x".repeat(31) })).toEqual([
      "JWT_EXTERNAL_SECRET: must have at least 32 characters",
    ])
    expect(problemsOf({ ...NAMES, JWT_EXTERNAL_SECRET: SECRET, JWT_SECRET: SECRET })).toEqual([
      "JWT_EXTERNAL_SECRET: must be another than JWT_SECRET",
    ])
  })

  test.each([
    "app.example/jwks.json",
    "file:///etc/passwd",
    "ftp://app.example/",
    "data:application/json,{}",
    "https://user:secret@app.example/",
    "https://",
  ])("%s is no address of keys", (url) => {
    expect(problemsOf({ ...NAMES, JWT_EXTERNAL_JWKS_URL: url })).toEqual([
      "JWT_EXTERNAL_JWKS_URL: must be a URL of http or https, without a user name",
    ])
  })

  test.each<[string, boolean]>([
    ["https://app.example/jwks.json", true],
    ["http://127.0.0.1:4000/jwks.json", true],
    ["http://localhost/jwks.json", true],
    ["http://[::1]:4000/jwks.json", true],
    ["http://app.example/jwks.json", false],
    ["http://127.0.0.1.app.example/jwks.json", false],
    ["http://localhost.app.example/jwks.json", false],
    ["http://10.0.0.7/jwks.json", false],
  ])("in production %s is allowed: %p", (url, isAllowed) => {
    const env = { ...NAMES, JWT_EXTERNAL_JWKS_URL: url }

    expect(problemsOf({ ...env, NODE_ENV: "production" })).toEqual(
      isAllowed ? [] : ["JWT_EXTERNAL_JWKS_URL: must be https in production, but for loopback"],
    )
    expect(problemsOf(env)).toEqual([])
  })
})
