import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { type Cast, type CastRoom, openCast, toldInShort } from "../support/cast"
import { listening } from "../support/listening"
import { asPerson, call, PASSWORD, type Person } from "../support/people"
import { expectProblem, refusals } from "../support/scenarios"

describe("invites", () => {
  let cast: Cast
  let room: CastRoom

  beforeAll(async () => {
    cast = await openCast()
  })
  afterAll(() => cast.stop())
  beforeEach(async () => {
    room = await cast.room("private")
  })

  const invite = async (body?: unknown, by = cast.ann) =>
    (await by.post(`/rooms/${room.id}/invites`, body)).body
  const accept = (by: Person, code: string) => by.post(`/invites/${code}`)
  const usesOf = (code: string) =>
    cast.rows(`select uses from invites where code = '${code}'`)[0]?.uses
  const inSeconds = (seconds: number) => new Date(cast.clock.now() + seconds * 1000).toISOString()

  test("let somebody into a private room, who hears it from then on, and the others hear of it", async () => {
    const { ann, mia } = cast
    const guest = await cast.stranger()
    const made = await mia.post(`/rooms/${room.id}/invites`)
    const witness = await listening(ann, room)
    const device = await guest.connect()
    await device.ask("subscribe", { all: true })

    const answer = await accept(guest, made.body.code)

    expect(made).toMatchObject({ status: 200 })
    expect(made.body).toEqual({
      code: expect.stringMatching(/^[0-9a-f]{32}$/),
      room_id: room.id,
      created_by: mia.id,
      created_at: expect.stringMatching(/Z$/),
      expires_at: null,
      max_uses: null,
      uses: 0,
    })
    expect(answer).toMatchObject({
      status: 200,
      body: { id: room.id, type: "private", member_count: 5, head: 7 },
    })
    expect(await toldInShort(witness)).toEqual(["member.joined 7"])
    expect(await toldInShort(device)).toEqual(["room.added", "member.joined 7"])
    const members = (await guest.get(`/rooms/${room.id}/members`)).body
    expect(members.at(-1)).toMatchObject({ user_id: guest.id, role: "member" })
  })

  test("are used up by those who come in, not by members, nor by those who are refused", async () => {
    const { ann, bob, eve } = cast
    const { code } = await invite({ max_uses: 2 })
    await ann.put(`/rooms/${room.id}/bans/${eve.id}`)

    expect((await accept(bob, code)).body).toMatchObject({ id: room.id, member_count: 4 })
    expectProblem(await accept(eve, code), "banned")
    expect(usesOf(code)).toBe(0)
    expect(cast.headOf(room)).toBe(6)
    const first = await cast.stranger()
    await accept(first, code)
    expect((await accept(first, code)).status).toBe(200)
    await accept(await cast.stranger(), code)

    expect(usesOf(code)).toBe(2)
    expectProblem(await accept(await cast.stranger(), code), "invite_not_found")
    expect(cast.headOf(room)).toBe(8)
  })

  test("given 8 people come at once with an invite for 1, then exactly one gets in", async () => {
    const { code } = await invite({ max_uses: 1 })
    const guests = await Promise.all(Array.from({ length: 8 }, () => cast.stranger()))

    const answers = await Promise.all(guests.map((guest) => accept(guest, code)))

    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([200, ...Array.from({ length: 7 }, () => 404)])
    expect((await cast.ann.get(`/rooms/${room.id}`)).body).toMatchObject({
      member_count: 5,
      head: 7,
    })
  })

  test("given one person comes 5 times at once, then one use is counted", async () => {
    const { code } = await invite({ max_uses: 2 })
    const guest = await cast.stranger()

    const answers = await Promise.all(Array.from({ length: 5 }, () => accept(guest, code)))

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect([usesOf(code), cast.headOf(room)]).toEqual([1, 7])
  })

  test("end by themselves", async () => {
    const expires_at = inSeconds(60)
    const made = await invite({ expires_at })
    expect(made).toMatchObject({ expires_at })
    cast.clock.advance(55_000)
    expect((await accept(await cast.stranger(), made.code)).status).toBe(200)

    cast.clock.advance(6_000)

    expectProblem(await accept(await cast.stranger(), made.code), "invite_not_found")
  })

  test("end when they are revoked", async () => {
    const { ann, mia } = cast
    const { code } = await invite()

    expect((await mia.delete(`/rooms/${room.id}/invites/${code}`)).status).toBe(204)

    expectProblem(await accept(await cast.stranger(), code), "invite_not_found")
    expectProblem(await ann.delete(`/rooms/${room.id}/invites/${code}`), "invite_not_found")
  })

  test("end with the room: deleted, or archived when all have left", async () => {
    const { ann, bob, mia, moe, eve } = cast
    const [first, other] = [await invite(), await cast.room("private")]
    const second = (await ann.post(`/rooms/${other.id}/invites`)).body
    await ann.delete(`/rooms/${room.id}`)
    for (const member of [ann, bob, mia, moe]) await member.post(`/rooms/${other.id}/leave`)
    const before = cast.everything()

    for (const { code } of [first, second]) {
      expectProblem(await accept(eve, code), "invite_not_found")
    }

    expect(cast.everything()).toEqual(before)
  })

  test("of a room that is in use again are good again", async () => {
    const { ann, bob, mia, moe, root } = cast
    const { code } = await invite()
    for (const member of [ann, bob, mia, moe]) await member.post(`/rooms/${room.id}/leave`)
    await root.put(`/rooms/${room.id}/members/${bob.id}`)

    expect((await accept(await cast.stranger(), code)).status).toBe(200)
  })

  test("plain members make them where the room lets them, and do not see or revoke them", async () => {
    const { ann, bob } = cast
    expectProblem(await bob.post(`/rooms/${room.id}/invites`), "forbidden")
    await ann.patch(`/rooms/${room.id}`, { members_can_invite: true })

    const { code } = await invite({}, bob)

    expect((await accept(await cast.stranger(), code)).status).toBe(200)
    expectProblem(await bob.get(`/rooms/${room.id}/invites`), "forbidden")
    expectProblem(await bob.delete(`/rooms/${room.id}/invites/${code}`), "forbidden")
  })

  test("are listed newest first, those that are good", async () => {
    const { mia, root } = cast
    const kept = await invite()
    const spent = await invite({ max_uses: 1 })
    const short = await invite({ expires_at: inSeconds(1) })
    await accept(await cast.stranger(), spent.code)
    cast.clock.advance(2_000)
    const newest = await invite({ max_uses: 5 })

    const { body } = await mia.get(`/rooms/${room.id}/invites`)

    expect(body).toEqual([newest, kept])
    expect(short.code).not.toBe(kept.code)
    expect((await root.get(`/rooms/${room.id}/invites`)).body).toEqual(body)
  })

  test("refuses the 101st good invite of a room with conflict, until one is used up, revoked or over", async () => {
    const refused = async () => expectProblem(await make(), "conflict")
    const make = (wish = {}) => cast.ann.post(`/rooms/${room.id}/invites`, wish)
    const { code: once } = (await make({ max_uses: 1, expires_at: inSeconds(60) })).body
    for (let index = 2; index <= 100; index++) {
      expect((await make({ expires_at: inSeconds(60) })).status).toBe(200)
    }
    const before = cast.everything()
    await refused()
    expect(cast.everything()).toEqual(before)

    await accept(await cast.stranger(), once)
    const { body: last } = await make({ expires_at: inSeconds(60) })
    await refused()
    await cast.ann.delete(`/rooms/${room.id}/invites/${last.code}`)
    expect((await make({ expires_at: inSeconds(60) })).status).toBe(200)
    await refused()
    cast.clock.advance(61_000)

    expect((await make()).status).toBe(200)
    const kept = cast.rows(
      `select count(*) as count from invites
       join rooms on numeric_id = room_numeric_id where id = '${room.id}'`,
    )
    expect(kept).toEqual([{ count: 1 }])
  })

  test("have codes of 128 bits of chance, each its own", async () => {
    const codes = new Set<string>()
    for (let index = 0; index < 20; index++) codes.add((await invite()).code)

    expect(codes.size).toBe(20)
    for (const code of codes) expect(Buffer.from(code, "hex")).toHaveLength(16)
    // No position is the same in all of them, but for the last, which holds two bits.
    for (let at = 0; at < 21; at++) {
      expect(new Set([...codes].map((code) => code[at])).size).toBeGreaterThan(1)
    }
  })

  test("a code is of its room: another's moderator cannot revoke it", async () => {
    const { code } = await invite()
    const guest = await cast.stranger()
    const own = (await guest.post("/rooms", { name: "own" })).body

    expectProblem(await guest.delete(`/rooms/${own.id}/invites/${code}`), "invite_not_found")
    expectProblem(await guest.delete(`/rooms/${room.id}/invites/${code}`), "room_not_found")
    expect((await accept(guest, code)).status).toBe(200)
  })

  describe("at registration", () => {
    const register = (username: string, invite_code: string) => {
      const body = { username, password: PASSWORD, invite_code }
      return call(cast.url, { method: "POST", path: "/auth/register", body })
    }
    const accountsLike = (prefix: string) =>
      cast.rows(`select username from users where username like '${prefix}%'`)

    test("make a member of whoever registers, which the room hears", async () => {
      const { code } = await invite()
      const witness = await listening(cast.ann, room)

      const { status, body } = await register("newcomer", code)

      expect(status).toBe(200)
      const newcomer = asPerson(cast.url, { status, headers: new Headers(), body })
      expect((await newcomer.get(`/rooms/${room.id}`)).body).toMatchObject({ member_count: 5 })
      expect(await toldInShort(witness)).toEqual(["member.joined 7"])
      expect(usesOf(code)).toBe(1)
    })

    test("given 5 register at once with an invite for 1, then one has an account", async () => {
      const { code } = await invite({ max_uses: 1 })
      const names = Array.from({ length: 5 }, (_, index) => `rush-${index}`)

      const answers = await Promise.all(names.map((name) => register(name, code)))

      expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404, 404])
      expect(accountsLike("rush-")).toHaveLength(1)
      expect(cast.headOf(room)).toBe(7)
    })

    test("make no account where they let nobody in: used up, or of a room that has ended", async () => {
      const spent = await invite({ max_uses: 1 })
      await accept(await cast.stranger(), spent.code)
      const ended = await invite()
      expectProblem(await register("late-1", spent.code), "invite_not_found")

      await cast.ann.delete(`/rooms/${room.id}`)

      expectProblem(await register("late-2", ended.code), "invite_not_found")
      expect(accountsLike("late-")).toEqual([])
      expect(usesOf(ended.code)).toBe(0)
    })

    test("are not used up where the name is taken", async () => {
      const { code } = await invite({ max_uses: 1 })

      expectProblem(await register("ann", code), "conflict")

      expect(usesOf(code)).toBe(0)
    })
  })

  const path = () => `/rooms/${room.id}/invites`
  const on = { method: "POST", path } as const
  refusals(
    () => cast,
    [
      { ...on, name: "nobody", code: "unauthorized" },
      { ...on, name: "a member", by: () => cast.bob, code: "forbidden" },
      { ...on, name: "a stranger", by: () => cast.eve, code: "room_not_found" },
      {
        ...on,
        name: "all of the body wrong",
        by: () => cast.ann,
        body: { expires_at: "soon", max_uses: 0 },
        code: "invalid_request",
        wrong: ["expires_at", "max_uses"],
      },
      {
        ...on,
        name: "a past end, which is told before what is forbidden",
        by: () => cast.bob,
        body: { expires_at: "2020-01-01T00:00:00Z" },
        code: "invalid_request",
        wrong: ["expires_at"],
      },
      {
        ...on,
        name: "an end that no year of four digits holds",
        by: () => cast.ann,
        body: { expires_at: "9999-12-31T23:59:59-14:00" },
        code: "invalid_request",
        wrong: ["expires_at"],
      },
      {
        name: "a code that nobody made",
        by: () => cast.eve,
        method: "POST",
        path: `/invites/${"A".repeat(22)}`,
        code: "invite_not_found",
      },
      {
        name: "a code of somebody without credentials",
        method: "POST",
        path: `/invites/${"A".repeat(22)}`,
        code: "unauthorized",
      },
      { name: "a stranger lists", by: () => cast.eve, method: "GET", path, code: "room_not_found" },
    ],
  )
})
