import { describe, expect, test } from "bun:test"
import { EXAMPLES } from "../../../src/protocol/answer-examples"
import type { ApiMessage } from "../../../src/protocol/answers"
import { bannerOf } from "../../../src/web/notifications/banner"
import { levelOf, readLevels, setLevel } from "../../../src/web/notifications/levels"
import { mutedRooms } from "../../../src/web/state/preferences"
import { notifications as words } from "../../../src/web/strings/en/notifications"

const room = { id: "r1", name: "general", type: "public" } as const
const said = (more: Partial<ApiMessage> = {}): ApiMessage => ({
  ...EXAMPLES.Message,
  user: { id: "b", username: "bob", display_name: "Bob", avatar_url: null },
  content: "Hello,\n  world",
  attachments: [],
  type: "text",
  seq: 7,
  ...more,
})

describe("a notification", () => {
  test("names the room, who speaks and what", () => {
    expect(bannerOf(said(), room, undefined, words)).toEqual({
      title: "general",
      body: "Bob: Hello, world",
      tag: "room-r1",
      count: 1,
      seq: 7,
    })
  })

  test("takes the place of the one of its room, and counts", () => {
    const first = bannerOf(said(), room, undefined, words)
    const second = bannerOf(said({ seq: 8 }), room, first, words)

    expect(second).toMatchObject({ title: "general (2)", tag: first.tag, seq: 8 })
  })

  test("of a conversation is named by who speaks", () => {
    const banner = bannerOf(said(), { ...room, type: "direct", name: "" }, undefined, words)

    expect(banner).toMatchObject({ title: "Bob", body: "Hello, world" })
  })

  test("of a long message ends after 160 characters, of a picture says so", () => {
    const long = bannerOf(
      said({ content: "🙂".repeat(200) }),
      { ...room, type: "direct" },
      undefined,
      words,
    )
    const picture = bannerOf(said({ type: "image", content: "/a.png" }), room, undefined, words)

    expect([...long.body]).toHaveLength(160)
    expect(long.body.endsWith("🙂…")).toBe(true)
    expect(picture.body).toBe("Bob: A picture")
  })
})

describe("what one wants to be told of a room", () => {
  test("is calls at first, and everything in conversations", () => {
    expect(levelOf({ id: "new", type: "public" })).toBe("mentions")
    expect(levelOf({ id: "new", type: "direct" })).toBe("all")
  })

  test("is what one chose; nothing mutes the room for all of the page", () => {
    setLevel("r2", "none")
    expect([levelOf({ id: "r2", type: "direct" }), mutedRooms.value.has("r2")]).toEqual([
      "none",
      true,
    ])

    setLevel("r2", "all")
    expect([levelOf({ id: "r2", type: "public" }), mutedRooms.value.has("r2")]).toEqual([
      "all",
      false,
    ])
  })

  test("a room that another part of the page lets speak again has the level of before it was muted", () => {
    setLevel("r3", "none")
    mutedRooms.value = new Set()

    expect(levelOf({ id: "r3", type: "public" })).toBe("mentions")
  })

  test("what was kept and cannot be read is as if it had not been kept", () => {
    expect(readLevels(null)).toEqual({})
    expect(readLevels("{")).toEqual({})
    expect(readLevels("[1]")).toEqual({})
    expect(readLevels('{"a":"all","b":"loud"}')).toEqual({ a: "all" })
  })
})
