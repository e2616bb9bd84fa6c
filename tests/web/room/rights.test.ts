import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { ApiMember, ApiMessage } from "../../../src/protocol/answers"
import * as rights from "../../../src/web/state/rights"
import { openHouse } from "../../support/house"
import { type Person, person } from "../../support/people"

type Who = "owner" | "moderator" | "member" | "stranger" | "admin"
const EVERYBODY: readonly Who[] = ["owner", "moderator", "member", "stranger", "admin"]

const membership = (who: Who): rights.Standing["membership"] =>
  who === "stranger" || who === "admin" ? null : { role: who, left_at: null, muted_until: null }
const standing = (who: Who, room: Partial<rights.Standing["room"]> = {}): rights.Standing => ({
  me: { id: who, role: who === "admin" ? "admin" : "user" },
  room: { type: "public", created_by: "owner", members_can_invite: false, ...room },
  membership: membership(who),
})
const who = (
  may: (standing: rights.Standing) => boolean,
  room?: Partial<rights.Standing["room"]>,
) => EVERYBODY.filter((it) => may(standing(it, room)))
const target = (role: ApiMember["role"], id = "somebody") => ({
  user_id: id,
  role,
  left_at: null,
})
const message = (user: string, more: Partial<ApiMessage> = {}) => ({
  user_id: user,
  deleted_at: null,
  type: "text" as const,
  ...more,
})
const now = Date.parse("2026-01-01T00:00:00Z")

describe("the table of rights", () => {
  test("offers each to those who have it", () => {
    expect(who(rights.canChangeRoom)).toEqual(["owner", "admin"])
    expect(who(rights.canModerate)).toEqual(["owner", "moderator", "admin"])
    expect(who(rights.canInvite)).toEqual(["owner", "moderator", "admin"])
    expect(who(rights.canInvite, { members_can_invite: true })).toEqual([
      "owner",
      "moderator",
      "member",
      "admin",
    ])
    expect(who(rights.canLeave)).toEqual(["owner", "moderator", "member"])
    expect(who((it) => rights.canSend(it, now), { type: "private" })).toEqual([
      "owner",
      "moderator",
      "member",
    ])
    expect(who((it) => rights.canSend(it, now))).toEqual([...EVERYBODY])
  })

  test("gives nobody any right over a conversation", () => {
    const room = { type: "direct" } as const

    for (const may of [rights.canChangeRoom, rights.canModerate, rights.canInvite, rights.canLeave])
      expect(who(may, room)).toEqual([])
  })

  test("lets moderators act on those below them, and nobody on themselves", () => {
    const acts = (role: ApiMember["role"]) => who((it) => rights.canSanction(it, target(role)))

    expect(acts("member")).toEqual(["owner", "moderator", "admin"])
    expect(acts("moderator")).toEqual(["owner", "admin"])
    expect(acts("owner")).toEqual(["owner", "admin"])
    expect(rights.canSanction(standing("owner"), target("owner", "owner"))).toBe(false)
    expect(rights.canUnmute(standing("admin"), target("member", "admin"))).toBe(true)
  })

  test("leaves the last owner their role, and gives what is nobody's no owner", () => {
    expect(rights.rolesFor(standing("owner"), target("owner"), 1)).toEqual([])
    expect(rights.rolesFor(standing("owner"), target("owner"), 2)).toHaveLength(3)
    expect(rights.rolesFor(standing("moderator"), target("member"), 1)).toEqual([])
    expect(
      rights.rolesFor(standing("admin", { created_by: null }), target("member"), 0),
    ).not.toContain("owner")
  })

  test("lets people edit and delete what is their own, and those who run the room delete the rest", () => {
    const own = (it: rights.Standing) => message(it.me.id)

    expect(who((it) => rights.canEditMessage(it, own(it), now))).toEqual([
      "owner",
      "moderator",
      "member",
    ])
    expect(who((it) => rights.canEditMessage(it, message("x"), now))).toEqual([])
    expect(who((it) => rights.canDeleteMessage(it, message("x")))).toEqual([
      "owner",
      "moderator",
      "admin",
    ])
    expect(who((it) => rights.canDeleteMessage(it, own(it)))).toContain("member")
    expect(who((it) => rights.canDeleteMessage(it, message("x", { deleted_at: "2026" })))).toEqual(
      [],
    )
    expect(
      who((it) => rights.canEditMessage(it, { ...own(it), forwarded_from: "m" }, now)),
    ).toEqual([])
  })

  test("lets nobody who is muted say anything, until it ends", () => {
    const muted = {
      ...standing("member"),
      membership: { role: "member", left_at: null, muted_until: "2026-01-01T01:00:00Z" } as const,
    }

    expect(rights.canSend(muted, now)).toBe(false)
    expect(rights.canReact(muted, message("x"), now)).toBe(false)
    expect(rights.canSend(muted, now + 3_600_000)).toBe(true)
  })
})

describe("what the server decides", () => {
  let house: Awaited<ReturnType<typeof openHouse>>
  beforeAll(async () => {
    house = await openHouse()
  })
  afterAll(() => house.stop())

  test("is what the table says, for each right and each role", async () => {
    const people = new Map<Who, Person>()
    for (const it of ["owner", "moderator", "member", "stranger"] as const) {
      people.set(it, await person(house.url, it))
    }
    const at = (it: Who): Person => {
      const found = people.get(it)
      if (found === undefined) throw new Error(`nobody is ${it}`)
      return found
    }
    const owner = at("owner")
    const { body: room } = await owner.post("/rooms", { name: "general" })
    for (const it of ["moderator", "member"] as const) await at(it).post(`/rooms/${room.id}/join`)
    await owner.put(`/rooms/${room.id}/members/${at("moderator").id}`, { role: "moderator" })
    const { body: note } = await owner.post(`/rooms/${room.id}/messages`, { content: "hello" })
    const victim = await person(house.url, "victim")
    await victim.post(`/rooms/${room.id}/join`)
    const isDone = async (answer: Promise<{ status: number }>) => (await answer).status < 300

    for (const it of ["stranger", "member", "moderator", "owner"] as const) {
      const mine = standing(it)
      const me = at(it)

      expect(await isDone(me.patch(`/rooms/${room.id}`, { topic: it }))).toBe(
        rights.canChangeRoom(mine),
      )
      expect(await isDone(me.post(`/rooms/${room.id}/invites`))).toBe(rights.canInvite(mine))
      expect(await isDone(me.get(`/rooms/${room.id}/bans`))).toBe(rights.canModerate(mine))
      expect(await isDone(me.put(`/messages/${note.id}/pin`))).toBe(
        rights.canPinMessage(mine, message("owner")),
      )
      expect(await isDone(me.put(`/rooms/${room.id}/mutes/${victim.id}`))).toBe(
        rights.canSanction(mine, target("member")),
      )
      expect(await isDone(me.put(`/messages/${note.id}/reactions/👍`))).toBe(
        rights.canReact(mine, message("owner"), now),
      )
    }
  })
})
