import { describe, expect, test } from "bun:test"
import { pathTo, readRoute } from "../../../src/web/state/route"

describe("addresses of the web client", () => {
  test.each([
    ["", { name: "home" }],
    [pathTo.home(), { name: "home" }],
    [pathTo.room("r1"), { name: "room", roomId: "r1", at: null, threadId: null }],
    [pathTo.room("r1", { at: 7 }), { name: "room", roomId: "r1", at: 7, threadId: null }],
    [
      pathTo.room("r/1 ?", { at: 0, thread: "m&1" }),
      { name: "room", roomId: "r/1 ?", at: 0, threadId: "m&1" },
    ],
    [pathTo.directory(), { name: "directory" }],
    [pathTo.settings(), { name: "settings", tab: "profile" }],
    [pathTo.settings("keys"), { name: "settings", tab: "keys" }],
    [pathTo.admin(), { name: "admin" }],
    [pathTo.invite("a-b"), { name: "invite", code: "a-b" }],
  ] as const)("%s leads where it says", (hash, route) => {
    expect(readRoute(hash)).toEqual(route)
  })

  test.each(["#/nowhere", "#/rooms", "#/rooms/", "#/invite/", "nonsense", "#"])(
    "%s leads to the start",
    (hash) => {
      expect(readRoute(hash)).toEqual({ name: "home" })
    },
  )

  test.each(["x", "-1", "1.5", "9999999999999999"])("a place %s in a room is none", (at) => {
    expect(readRoute(`#/rooms/r1?at=${at}`)).toMatchObject({ roomId: "r1", at: null })
  })

  test("what is no text in percents is taken as it stands", () => {
    expect(readRoute("#/rooms/%E0%A4%A")).toMatchObject({ roomId: "%E0%A4%A" })
  })
})
