import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { type Cast, type CastRoom, openCast, toldInShort } from "../support/cast"
import { listening } from "../support/listening"
import type { Person } from "../support/people"
import { expectProblem } from "../support/scenarios"

describe("who owns a room", () => {
  let cast: Cast
  let room: CastRoom

  beforeAll(async () => {
    cast = await openCast({ env: { CHAT_MAX_ROOMS_PER_USER: "2" } })
  })
  afterAll(() => cast.stop())
  beforeEach(async () => {
    room = await cast.room("private")
  })
  /** ann may own two rooms only. */
  afterEach(() => cast.root.delete(`/rooms/${room.id}`))

  const memberPath = (of: Person) => `/rooms/${room.id}/members/${of.id}`
  const leave = (by: Person) => by.post(`/rooms/${room.id}/leave`)
  const rolesSeenBy = async (by: Person) =>
    (await by.get(`/rooms/${room.id}/members`)).body.map(
      (it: { user: { username: string }; role: string }) => `${it.user.username} ${it.role}`,
    )

  test("when the last owner leaves, the moderator of longest standing follows, and all hear it in order", async () => {
    const { ann, bob, mia } = cast
    const witness = await listening(bob, room)
    const leaver = await listening(ann, room)

    await leave(ann)

    expect(await toldInShort(witness)).toEqual(["member.left 7", "member.updated 8"])
    expect(witness.frames.at(-1)?.data).toMatchObject({ user_id: mia.id, role: "owner" })
    expect(await toldInShort(leaver)).toEqual(["member.left 7", "room.removed"])
    expect(await rolesSeenBy(bob)).toEqual(["bob member", "mia owner", "moe moderator"])
  })

  test("when only members are left, the one of longest standing follows", async () => {
    const { ann, mia, moe, eve } = cast
    await ann.put(memberPath(eve))

    for (const somebody of [mia, moe, ann]) await leave(somebody)

    expect(await rolesSeenBy(eve)).toEqual(["bob owner", "eve member"])
  })

  test("to be removed, to be banned or to end one's account is to leave", async () => {
    const { ann, mia, bob, root } = cast
    const dan = await cast.stranger()
    await ann.put(memberPath(dan))
    await ann.put(memberPath(dan), { role: "owner" })
    await ann.put(memberPath(ann), { role: "member" })

    await dan.delete("/users/me")
    expect(await rolesSeenBy(bob)).toEqual([
      "ann member",
      "bob member",
      "mia owner",
      "moe moderator",
    ])
    await root.delete(memberPath(mia))
    expect(await rolesSeenBy(bob)).toEqual(["ann member", "bob member", "moe owner"])
    await root.put(`/rooms/${room.id}/bans/${cast.moe.id}`)
    expect(await rolesSeenBy(bob)).toEqual(["ann owner", "bob member"])
  })

  describe("a private room that all have left", () => {
    beforeEach(async () => {
      const { ann, bob, mia, moe } = cast
      for (const somebody of [bob, mia, moe, ann]) expect((await leave(somebody)).status).toBe(204)
    })

    test("is there for nobody: not for those who were in it, nor in any list", async () => {
      const { ann, eve, root } = cast
      for (const somebody of [ann, eve, root]) {
        expectProblem(await somebody.get(`/rooms/${room.id}`), "room_not_found")
        expectProblem(await somebody.post(`/rooms/${room.id}/join`), "room_not_found")
        const ids = (await somebody.get("/rooms?limit=200")).body.map((it: CastRoom) => it.id)
        expect(ids).not.toContain(room.id)
      }
      expectProblem(await ann.put(memberPath(ann)), "room_not_found")
    })

    test("is in use again when an admin adds somebody, who owns it, and it has lost nothing", async () => {
      const { bob, eve, root } = cast

      const added = await root.put(memberPath(bob))

      expect(added).toMatchObject({ status: 200, body: { role: "owner", changed_seq: 11 } })
      expect((await bob.get(`/rooms/${room.id}`)).body).toMatchObject({ member_count: 1, head: 11 })
      expect((await bob.put(memberPath(eve))).body).toMatchObject({ role: "member" })
    })

    test("is given to its new owner by name, too, unless they own as many rooms as they may", async () => {
      const { root } = cast
      const rich = await cast.stranger()
      for (const name of ["one", "two"]) await rich.post("/rooms", { name })
      const before = cast.everything()
      expectProblem(await root.put(memberPath(rich), { role: "owner" }), "room_limit")
      expect(cast.everything()).toEqual(before)

      const poor = await cast.stranger()
      expect((await root.put(memberPath(poor), { role: "owner" })).body.role).toBe("owner")
    })

    test("can be made public by an admin, and is then everybody's to join", async () => {
      const { root, eve } = cast
      const { code } = (await root.post(`/rooms/${room.id}/invites`)).body
      expectProblem(await eve.post(`/invites/${code}`), "invite_not_found")

      await root.patch(`/rooms/${room.id}`, { type: "public" })

      expect((await eve.post(`/invites/${code}`)).body).toMatchObject({ member_count: 1 })
      expect(await rolesSeenBy(eve)).toEqual(["eve owner"])
    })
  })

  test("a public room that all have left stays open, and whoever comes first owns it", async () => {
    const { ann, bob, eve } = cast
    const dan = await cast.stranger()
    const lobby = (await dan.post("/rooms", { name: "lobby" })).body
    await dan.post(`/rooms/${lobby.id}/leave`)

    await eve.post(`/rooms/${lobby.id}/messages`, { content: "anybody here?" })
    await bob.post(`/rooms/${lobby.id}/join`)

    expect((await ann.get(`/rooms/${lobby.id}/members`)).body).toMatchObject([
      { user_id: bob.id, role: "member" },
      { user_id: eve.id, role: "owner" },
    ])
    await eve.delete(`/rooms/${lobby.id}`)
  })

  test("refuses to make one the owner of a 3rd room where 2 are allowed, but lets it fall to them", async () => {
    const { ann, bob, mia, moe } = cast
    const dan = await cast.stranger()
    for (const name of ["one", "two"]) await dan.post("/rooms", { name })
    await ann.put(memberPath(dan))
    const before = cast.everything()

    expectProblem(await ann.put(memberPath(dan), { role: "owner" }), "room_limit")
    expect(cast.everything()).toEqual(before)

    for (const somebody of [bob, mia, moe, ann]) await leave(somebody)
    expect((await dan.get(`/rooms/${room.id}/members`)).body).toMatchObject([{ role: "owner" }])
    expectProblem(await dan.post("/rooms", { name: "four" }), "room_limit")
  })

  test("nobody is made an owner without having come, while there is one", async () => {
    expectProblem(await cast.root.put(memberPath(cast.eve), { role: "owner" }), "conflict")
  })
})
