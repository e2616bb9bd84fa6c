import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { readFileSync, statSync, writeFileSync } from "node:fs"
import { loadTokenSecret } from "../../src/cli/token-secret"
import { createScratch, type Scratch } from "../support/scratch"

describe("the key of our tokens", () => {
  let scratch: Scratch
  beforeEach(() => {
    scratch = createScratch()
  })
  afterEach(() => scratch.remove())

  const load = (JWT_SECRET: string | null = null) =>
    loadTokenSecret({ JWT_SECRET, DATA_DIR: scratch.folder })

  test("is made at first start: 256 bits, mode 0600, and the same from then on", () => {
    const first = load()

    expect(first).toHaveLength(32)
    expect(statSync(scratch.path("jwt-secret")).mode & 0o777).toBe(0o600)
    expect(load()).toEqual(first)
  })

  test("is another one in another folder", () => {
    const other = createScratch()

    const there = loadTokenSecret({ JWT_SECRET: null, DATA_DIR: other.folder })

    expect(load()).not.toEqual(there)
    other.remove()
  })

  test("is JWT_SECRET where that is set, and then no file is made", () => {
    const secret = load("x".repeat(32))

    expect(Buffer.from(secret).toString()).toBe("x".repeat(32))
    expect(() => statSync(scratch.path("jwt-secret"))).toThrow("ENOENT")
  })

  test.each(["", "short", "!".repeat(64)])("a file that cannot be one is an error: %p", (text) => {
    writeFileSync(scratch.path("jwt-secret"), text)

    expect(() => load()).toThrow("does not hold a secret of 256 bits")
    expect(readFileSync(scratch.path("jwt-secret"), "utf8")).toBe(text)
  })
})
