import { describe, expect, test } from "bun:test"
import { path } from "../../src/client/rest/path"

const wayOf = (id: string) =>
  new URL(`https://chat.example/api/v1${path`/rooms/${id}/join`}`).pathname

describe("an id in an address", () => {
  test.each(["..", ".", "a/b", "../../auth", "%2e%2e", "?a", "#a", "a b", "..\\.."])(
    "as %j stays one part of the way",
    (id) => {
      expect(wayOf(id)).toMatch(/^\/api\/v1\/rooms\/[^/]+\/join$/)
    },
  )

  test("of letters and digits stands there as it is", () => {
    expect(wayOf("01a2-b.c")).toBe("/api/v1/rooms/01a2-b.c/join")
  })
})
