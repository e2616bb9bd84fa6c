import { describe, expect, test } from "bun:test"
import { createPasswords, PASSWORD_COST } from "../../src/auth/passwords"
import { hashSecret, newInviteCode, newSecret, secretsMatch } from "../../src/auth/secrets"

describe("passwords", () => {
  const passwords = createPasswords({ memoryKib: 8, passes: 1 })

  test("are kept as argon2id, salted, at the cost that is set", async () => {
    const [first, second] = await Promise.all(["same", "same"].map(passwords.hash))

    expect(first).toStartWith("$argon2id$v=19$m=8,t=1,p=1$")
    expect(first).not.toBe(second)
    // OWASP's minimum of 2024.
    expect(PASSWORD_COST).toEqual({ memoryKib: 19_456, passes: 2 })
  })

  test("match only themselves", async () => {
    const stored = await passwords.hash("correct horse")

    expect(await passwords.verify("correct horse", stored)).toBe(true)
    expect(await passwords.verify("correct hors", stored)).toBe(false)
    expect(await passwords.verify("", stored)).toBe(false)
  })

  test("a user without one has none: not even the decoy's", async () => {
    expect(await passwords.verify("no user has this password", null)).toBe(false)
    expect(await passwords.verify("", null)).toBe(false)
  })
})

describe("secrets", () => {
  test("are 256 random bits, each time others, with a prefix that scanners recognise", () => {
    const secrets = Array.from({ length: 100 }, () => newSecret("prk"))

    expect(new Set(secrets).size).toBe(100)
    for (const secret of secrets) {
      expect(Buffer.from(secret.slice(4), "base64url")).toHaveLength(32)
      expect(secret).toStartWith("prk_")
    }
  })

  test("that let people in are 128 random bits, and no option of a command by their first sign", () => {
    const codes = Array.from({ length: 1_000 }, newInviteCode)

    expect(new Set(codes).size).toBe(1_000)
    for (const code of codes) expect(code).toMatch(/^[0-9a-f]{32}$/)
  })

  test("are stored as SHA-256", () => {
    expect(hashSecret("abc")).toBe("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0")
  })

  test("match only when they are equal, whatever their lengths", () => {
    expect(secretsMatch("secret", "secret")).toBe(true)
    for (const other of ["", "secre", "secret ", "Secret"]) {
      expect(secretsMatch(other, "secret")).toBe(false)
    }
  })
})
