import { describe, expect, test } from "bun:test"
import type { ApiMember, ApiMessage, ApiRoom } from "../../../src/protocol/answers"
import { type MessageRights, rightsOn } from "../../../src/web/messages/rights"
import { at, memberOf, messageOf, roomOf } from "./message-samples"

const NOW = Date.parse(at(100))

interface Situation {
  readonly room?: ApiRoom["type"]
  /** Of ann, who asks. */
  readonly member?: Partial<ApiMember> | null
  readonly serverRole?: "user" | "admin"
  readonly message?: Partial<ApiMessage>
}

/** What ann may do, in the order in which it is offered. */
function rightsIn({ room = "public", member = {}, serverRole, message }: Situation): string {
  const rights = rightsOn(
    messageOf(1, { user_id: "bob", ...message }),
    {
      me: { id: "ann", role: serverRole },
      room: roomOf(room),
      membership: member === null ? null : memberOf("ann", member),
    },
    NOW,
  )
  return words(rights)
}

const words = (rights: MessageRights): string =>
  Object.entries(rights)
    .flatMap(([right, isGiven]) => (isGiven ? [right.slice(3).toLowerCase()] : []))
    .join(" ")

const OWN = { user_id: "ann" }

describe("what is offered on a message", () => {
  const table: readonly (readonly [string, Situation, string])[] = [
    ["a member, on somebody else's", {}, "react reply thread forward copy"],
    ["a member, on their own", { message: OWN }, "react reply thread edit delete forward copy"],
    [
      "a moderator, on somebody else's",
      { member: { role: "moderator" } },
      "react reply thread delete pin forward copy",
    ],
    [
      "an owner, on somebody else's",
      { member: { role: "owner" } },
      "react reply thread delete pin forward copy",
    ],
    ["an admin who is no member", { member: null, serverRole: "admin" }, "delete pin forward copy"],
    ["a reader of a public room", { member: null }, "forward copy"],
    [
      "an admin in a conversation, which nobody runs",
      { room: "direct", serverRole: "admin" },
      "react reply thread forward copy",
    ],
    [
      "an owner in a conversation",
      { room: "direct", member: { role: "owner" } },
      "react reply thread forward copy",
    ],
    [
      "a muted member, on their own",
      { member: { muted_until: at(101) }, message: OWN },
      "delete forward copy",
    ],
    [
      "a member whose mute is over",
      { member: { muted_until: at(99) } },
      "react reply thread forward copy",
    ],
    [
      "their own that was forwarded, which stays as it was said",
      { message: { ...OWN, forwarded_from: "m0" } },
      "react reply thread delete forward copy",
    ],
    [
      "a system message of their own, as a member",
      { message: { ...OWN, type: "system" } },
      "react reply thread delete copy",
    ],
    [
      "a system message of their own, as a moderator",
      { member: { role: "moderator" }, message: { ...OWN, type: "system" } },
      "react reply thread edit delete pin copy",
    ],
    ["a message in a thread", { message: { thread_id: "m0" } }, "react reply forward copy"],
    ["a picture without words", { message: { content: "" } }, "react reply thread forward"],
    [
      "what was deleted, even to an owner",
      { member: { role: "owner" }, message: { deleted_at: at(3), content: "" } },
      "",
    ],
  ]

  test.each([...table])("%s", (_who, situation, offered) => {
    expect(rightsIn(situation)).toBe(offered)
  })

  test("nothing, while nobody is signed in or the room is not known", () => {
    expect(words(rightsOn(messageOf(1), null, NOW))).toBe("")
  })
})
