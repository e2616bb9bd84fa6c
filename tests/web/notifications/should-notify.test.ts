import { describe, expect, test } from "bun:test"
import { EXAMPLES } from "../../../src/protocol/answer-examples"
import type { ApiMessage } from "../../../src/protocol/answers"
import { type Situation, shouldNotify } from "../../../src/web/notifications/should-notify"

const NOW = Date.parse("2026-01-02T12:00:30.000Z")
/** Of bob, half a minute ago; ann is asked. */
const message: ApiMessage = {
  ...EXAMPLES.Message,
  user_id: "bob",
  seq: 7,
  mentions: [],
  deleted_at: null,
  created_at: "2026-01-02T12:00:00.000Z",
}
const away: Situation = {
  isWanted: true,
  myId: "ann",
  myStatus: "online",
  level: "all",
  roomType: "public",
  isLookedAt: false,
  lastReadSeq: 6,
  now: NOW,
}

describe("somebody is told of a message", () => {
  test("where everything is wanted, while they look elsewhere", () => {
    expect(shouldNotify(message, away)).toBe(true)
  })

  test.each<[string, Partial<ApiMessage>, Partial<Situation>]>([
    ["by name", { mentions: ["ann"] }, {}],
    ["with everybody in the room", { mentions: ["room"] }, {}],
    ["in a conversation", {}, { roomType: "direct" }],
  ])("where only calls are wanted: when called %s", (_how, said, more) => {
    const situation: Situation = { ...away, level: "mentions", ...more }

    expect(shouldNotify({ ...message, ...said }, situation)).toBe(true)
  })
})

describe("somebody is left in peace", () => {
  test.each([
    ["they have not asked for notifications, or may not have them", { isWanted: false }],
    ["the room is open before them", { isLookedAt: true }],
    ["they do not want to be disturbed", { myStatus: "dnd" }],
    ["the room is muted", { level: "none" }],
    ["only calls are wanted, and this is none", { level: "mentions" }],
    ["they have read it on another device", { lastReadSeq: 7 }],
    ["it was said more than 2 minutes ago", { now: NOW + 2 * 60_000 }],
    ["they said it themselves", { myId: "bob" }],
  ] as const)("when %s", (_why, more) => {
    expect(shouldNotify(message, { ...away, ...more })).toBe(false)
  })

  test("when a call names somebody else, or the message is gone again", () => {
    const called = { ...message, mentions: ["eve"] }
    const gone = { ...message, deleted_at: "2026-01-02T12:00:20.000Z" }

    expect(shouldNotify(called, { ...away, level: "mentions" })).toBe(false)
    expect(shouldNotify(gone, away)).toBe(false)
  })

  test("muted, even when called by name", () => {
    const called = { ...message, mentions: ["ann"] }

    expect(shouldNotify(called, { ...away, level: "none" })).toBe(false)
  })
})
