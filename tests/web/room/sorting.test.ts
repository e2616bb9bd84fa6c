import { describe, expect, test } from "bun:test"
import type { ApiMember } from "../../../src/protocol/answers"
import type { Role } from "../../../src/protocol/entities"
import { endOf } from "../../../src/web/room/duration"
import { inviteLink } from "../../../src/web/room/invite-link"
import { groupMembers, ownersAmong } from "../../../src/web/room/sorting"
import { isForever } from "../../../src/web/state/rights"

const member = (
  username: string,
  role: Role = "member",
  name: string | null = null,
): ApiMember => ({
  room_id: "r",
  user_id: username,
  user: { id: username, username, display_name: name, avatar_url: null },
  role,
  joined_at: "2026-01-01T00:00:00.000Z",
  left_at: null,
  muted_until: null,
  changed_seq: 1,
})
const here = { status: "online", lastSeenAt: null } as const

describe("the members of a room", () => {
  const members = [
    member("zoe"),
    member("bob", "moderator"),
    member("ann", "owner"),
    member("eve", "member", "Ève Ångström"),
    { ...member("gone"), left_at: "2026-01-02T00:00:00.000Z" },
  ]
  const shown = (query = "", presence = new Map<string, typeof here>()) =>
    groupMembers(members, { presence, query }).map((group) => [
      group.id,
      ...group.members.map(({ user_id }) => user_id),
    ])

  test("stand by role, then by who is here, then by name; who left is not among them", () => {
    expect(shown("", new Map([["zoe", here]]))).toEqual([
      ["owner", "ann"],
      ["moderator", "bob"],
      ["online", "zoe"],
      ["offline", "eve"],
    ])
  })

  test.each(["eve", "@Eve", "ang", "ève å", "EVE ANG"])("are found by any name: %s", (query) => {
    expect(shown(query)).toEqual([["offline", "eve"]])
  })

  test("have so many owners among them", () => {
    expect(ownersAmong(members)).toBe(1)
    expect(ownersAmong([...members, { ...member("old", "owner"), left_at: "2026-01-02" }])).toBe(1)
  })
})

describe("how long something lasts", () => {
  const now = Date.parse("2026-01-01T00:00:00.000Z")

  test("is said by its end", () => {
    expect(endOf("hour", now)).toBe("2026-01-01T01:00:00.000Z")
    expect(endOf("week", now)).toBe("2026-01-08T00:00:00.000Z")
    expect(endOf("forever", now)).toBeNull()
  })

  test("is for ever also where the server says so by its last instant", () => {
    expect(isForever("9999-12-31T23:59:59.999Z")).toBe(true)
    expect(isForever("2026-01-01T01:00:00.000Z")).toBe(false)
  })
})

test("an invite's address is the page's own, with the code where no server sees it", () => {
  expect(inviteLink("a/b c", "https://chat.example/app/?x=1#/rooms/7")).toBe(
    "https://chat.example/app/#/invite/a%2Fb%20c",
  )
})
