import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { type Cast, type CastRoom, openCast, toldInShort } from "../support/cast"
import { listening } from "../support/listening"
import type { Person } from "../support/people"
import { expectProblem, refusals } from "../support/scenarios"

describe("bans", () => {
  let cast: Cast
  let room: CastRoom

  beforeAll(async () => {
    cast = await openCast()
  })
  afterAll(() => cast.stop())
  beforeEach(async () => {
    room = await cast.room()
  })

  const banPath = (of: Person, where = room) => `/rooms/${where.id}/bans/${of.id}`
  const ban = (of: Person, body?: unknown, by = cast.ann) => by.put(banPath(of), body)
  const inSeconds = (seconds: number) => new Date(cast.clock.now() + seconds * 1000).toISOString()
  const bansOf = async (where = room) => (await cast.ann.get(`/rooms/${where.id}/bans`)).body

  test("a banned member is a member no more; all their devices hear that last, and a stranger nothing", async () => {
    const { ann, bob, mia, eve } = cast
    const witness = await listening(ann, room)
    const devices = [await listening(bob, room), await listening(bob, room), await bob.connect()]
    const stranger = await eve.connect()

    const { status, body } = await ban(bob, { reason: "spam" }, mia)
    await ann.post(`/rooms/${room.id}/messages`, { content: "he is gone" })

    expect(status).toBe(200)
    expect(body).toEqual({
      room_id: room.id,
      user_id: bob.id,
      user: { id: bob.id, username: "bob", display_name: null, avatar_url: null },
      banned_by: mia.id,
      reason: "spam",
      created_at: expect.stringMatching(/Z$/),
      until: null,
    })
    expect(await toldInShort(witness)).toEqual(["member.left 7", "message.created 8"])
    for (const device of devices.slice(0, 2)) {
      expect(await toldInShort(device)).toEqual(["member.left 7", "room.removed"])
    }
    expect(await toldInShort(devices[2] ?? stranger)).toEqual(["room.removed"])
    expect(await toldInShort(stranger)).toEqual([])
    expect((await ann.get(`/rooms/${room.id}`)).body).toMatchObject({
      member_count: 3,
      user_count: 1,
      head: 8,
    })
  })

  describe("who is banned from a public room is told so, whatever they try", () => {
    let banned: CastRoom
    let messageId: string
    let code: string
    beforeAll(async () => {
      banned = await cast.room()
      code = (await cast.ann.post(`/rooms/${banned.id}/invites`)).body.code
      const message = await cast.bob.post(`/rooms/${banned.id}/messages`, { content: "hi" })
      messageId = message.body.id
      await cast.ann.put(banPath(cast.bob, banned), { reason: "spam" })
    })

    test.each([
      ["GET", "/rooms/:id", undefined],
      ["POST", "/rooms/:id/join", undefined],
      ["POST", "/rooms/:id/leave", undefined],
      ["GET", "/rooms/:id/members", undefined],
      ["GET", "/rooms/:id/presence", undefined],
      ["POST", "/rooms/:id/messages", { content: "x" }],
      ["GET", "/rooms/:id/messages", undefined],
      ["GET", "/rooms/:id/changes", undefined],
      ["GET", "/rooms/:id/changes?epoch=x&since=0", undefined],
      ["PUT", "/rooms/:id/read", { seq: 1 }],
      ["GET", "/messages/:message", undefined],
      ["POST", "/invites/:code", undefined],
    ] as const)("%s %s", async (method, path, body) => {
      const before = cast.everything()
      const whole = path
        .replace(":id", banned.id)
        .replace(":message", messageId)
        .replace(":code", code)
      const { bob } = cast
      const answers = { GET: () => bob.get(whole), POST: () => bob.post(whole, body) }

      const answer = await (method === "PUT" ? bob.put(whole, body) : answers[method]())

      expectProblem(answer, "banned")
      expect(answer.body.detail).toContain("spam")
      expect(cast.everything()).toEqual(before)
    })

    test.each([
      ["message.send", { content: "x" }],
      ["history", {}],
      ["typing", { is_typing: true }],
      ["read", { seq: 1 }],
    ])("a frame of %s", async (type, data) => {
      const witness = await listening(cast.ann, banned)
      const socket = await cast.bob.connect()

      const answer = await socket.ask(type, { room_id: banned.id, ...data })

      expect(answer).toMatchObject({ type: "error", data: { code: "banned", retryable: false } })
      expect(await toldInShort(witness)).toEqual([])
    })

    test("a frame of subscribe, after which they hear nothing", async () => {
      const socket = await cast.bob.connect()

      const answer = await socket.ask("subscribe", { rooms: [{ room_id: banned.id }] })
      await cast.ann.post(`/rooms/${banned.id}/messages`, { content: "psst" })

      expect(answer.data.rooms).toMatchObject([{ room_id: banned.id, error: { code: "banned" } }])
      expect(await toldInShort(socket)).toEqual([])
    })
  })

  test("a private room is not there for those who are banned from it, unless they hold an invite", async () => {
    const { ann, bob } = cast
    const hidden = await cast.room("private")
    const { code } = (await ann.post(`/rooms/${hidden.id}/invites`)).body

    await ann.put(banPath(bob, hidden))

    for (const path of ["", "/messages", "/members", "/changes"]) {
      expectProblem(await bob.get(`/rooms/${hidden.id}${path}`), "room_not_found")
    }
    expectProblem(await bob.post(`/rooms/${hidden.id}/join`), "room_not_found")
    expectProblem(
      await bob.post(`/rooms/${hidden.id}/messages`, { content: "x" }),
      "room_not_found",
    )
    expectProblem(await bob.post(`/invites/${code}`), "banned")
    expect(cast.rows(`select uses from invites where code = '${code}'`)).toEqual([{ uses: 0 }])
  })

  test("one with an end ends by itself, which makes nobody a member again", async () => {
    const { ann, bob } = cast
    const until = inSeconds(60)
    expect((await ban(bob, { until })).body).toMatchObject({ until })
    cast.clock.advance(55_000)
    expectProblem(await bob.post(`/rooms/${room.id}/join`), "banned")

    cast.clock.advance(6_000)

    expect((await bob.get(`/rooms/${room.id}`)).body).toMatchObject({ member_count: 3 })
    expect(await bansOf()).toEqual([])
    expect((await bob.post(`/rooms/${room.id}/join`)).body).toMatchObject({ member_count: 4 })
    expect((await ann.get(`/rooms/${room.id}/members`)).body).toMatchObject([
      { user: { username: "ann" }, role: "owner" },
      { user: { username: "bob" }, role: "member" },
      { user: { username: "mia" } },
      { user: { username: "moe" } },
    ])
  })

  test("banning again says anew why, until when and by whom, and takes no seq", async () => {
    const { ann, bob, mia } = cast
    await ban(bob, { until: inSeconds(60), reason: "first" }, mia)
    const head = cast.headOf(room)

    await ban(bob, { reason: "for good" }, ann)

    expect(await bansOf()).toMatchObject([
      { user_id: bob.id, banned_by: ann.id, reason: "for good", until: null },
    ])
    expect(cast.headOf(room)).toBe(head)
    await ban(bob)
    expect(await bansOf()).toMatchObject([{ user_id: bob.id, reason: null, until: null }])
  })

  test("whoever is let off may come back, and is not there by that; to let off again changes nothing", async () => {
    const { bob, mia } = cast
    await ban(bob)

    expect((await mia.delete(banPath(bob))).status).toBe(204)

    expect((await bob.get(`/rooms/${room.id}`)).body).toMatchObject({ member_count: 3, head: 7 })
    const before = cast.everything()
    expect((await mia.delete(banPath(bob))).status).toBe(204)
    expect(cast.everything()).toEqual(before)
    expect((await bob.post(`/rooms/${room.id}/join`)).status).toBe(200)
  })

  test("nobody adds a banned user, not even the owner or an admin, until the ban is lifted", async () => {
    const { ann, mia, root, eve } = cast
    await ban(eve)

    for (const by of [ann, mia, root]) {
      expectProblem(await by.put(`/rooms/${room.id}/members/${eve.id}`), "conflict")
    }

    await ann.delete(banPath(eve))
    expect((await ann.put(`/rooms/${room.id}/members/${eve.id}`)).status).toBe(200)
  })

  test("an admin bans the only owner, whom the moderator of longest standing follows", async () => {
    const { ann, mia, root } = cast
    const witness = await listening(mia, room)

    await ban(ann, {}, root)

    expect(await toldInShort(witness)).toEqual(["member.left 7", "member.updated 8"])
    expect((await mia.get(`/rooms/${room.id}/members`)).body[1]).toMatchObject({
      user_id: mia.id,
      role: "owner",
    })
    expectProblem(await ann.get(`/rooms/${room.id}`), "banned")
  })

  test("an admin whom an owner has banned lets themselves in again, and cannot ban themselves", async () => {
    const { root } = cast
    await ban(root)
    expectProblem(await root.get(`/rooms/${room.id}`), "banned")

    expect((await root.delete(banPath(root))).status).toBe(204)

    expect((await root.get(`/rooms/${room.id}`)).status).toBe(200)
    expectProblem(await ban(root, {}, root), "forbidden")
  })

  test("are listed for those who moderate, in force ones only, by pages", async () => {
    const { ann, mia, bob, eve } = cast
    const [one, two] = [await cast.stranger(), await cast.stranger()]
    for (const of of [eve, one, two]) await ban(of)
    await ban(bob, { until: inSeconds(1) })
    cast.clock.advance(2_000)
    const idsOf = (body: readonly { user_id: string }[]) => body.map((it) => it.user_id)

    const first = await mia.get(`/rooms/${room.id}/bans?limit=2`)
    const next = /<\/api\/v1(.+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1] ?? ""
    const second = await ann.get(next)

    expect(idsOf(first.body)).toEqual([two.id, one.id])
    expect(idsOf(second.body)).toEqual([eve.id])
    expect(second.headers.get("link")).toBeNull()
  })

  const path = (of: () => Person) => () => banPath(of())
  const on = { method: "PUT" } as const
  const until = {
    ...on,
    by: () => cast.ann,
    path: path(() => cast.bob),
    code: "invalid_request",
  } as const
  refusals(
    () => cast,
    [
      { ...on, name: "nobody", path: path(() => cast.bob), code: "unauthorized" },
      {
        ...on,
        name: "a member",
        by: () => cast.bob,
        path: path(() => cast.eve),
        code: "forbidden",
      },
      {
        ...on,
        name: "a stranger",
        by: () => cast.eve,
        path: path(() => cast.bob),
        code: "forbidden",
      },
      {
        ...on,
        name: "a member bans who never was: to whom it is no business no name is confirmed",
        by: () => cast.bob,
        path: () => `/rooms/${room.id}/bans/nobody`,
        code: "forbidden",
      },
      {
        ...on,
        name: "a moderator bans a moderator",
        by: () => cast.mia,
        path: path(() => cast.moe),
        code: "forbidden",
      },
      {
        ...on,
        name: "a moderator bans the owner",
        by: () => cast.mia,
        path: path(() => cast.ann),
        code: "forbidden",
      },
      { ...on, name: "oneself", by: () => cast.ann, path: path(() => cast.ann), code: "forbidden" },
      {
        ...on,
        name: "a user who never was",
        by: () => cast.ann,
        path: () => `/rooms/${room.id}/bans/nobody`,
        code: "user_not_found",
      },
      {
        ...on,
        name: "the system",
        by: () => cast.ann,
        path: () => `/rooms/${room.id}/bans/00000000-0000-0000-0000-000000000000`,
        code: "user_not_found",
      },
      {
        ...on,
        name: "in a room that is none",
        by: () => cast.ann,
        path: () => `/rooms/nowhere/bans/${cast.bob.id}`,
        code: "room_not_found",
      },
      {
        ...until,
        name: "all of the body wrong",
        body: { until: "tomorrow", reason: "x".repeat(501) },
        wrong: ["until", "reason"],
      },
      { ...until, name: "a past end", body: { until: "2020-01-01T00:00:00Z" }, wrong: ["until"] },
      {
        ...until,
        name: "an end that no year of four digits holds",
        body: { until: "9999-12-31T23:59:59-14:00" },
        wrong: ["until"],
      },
      {
        ...until,
        name: "a past end, by a member: shape is told before what is forbidden",
        by: () => cast.bob,
        body: { until: "2020-01-01T00:00:00Z" },
        wrong: ["until"],
      },
      {
        name: "a member lifts one",
        by: () => cast.bob,
        method: "DELETE",
        path: path(() => cast.eve),
        code: "forbidden",
      },
      {
        name: "a member asks for the list",
        by: () => cast.bob,
        method: "GET",
        path: () => `/rooms/${room.id}/bans`,
        code: "forbidden",
      },
    ],
  )
})
