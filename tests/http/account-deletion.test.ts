import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { changesHeard, listening } from "../support/listening"
import { asPerson, call, PASSWORD, type Person, person, roomOf } from "../support/people"
import { changeRows } from "../support/rows"
import { expectProblem } from "../support/scenarios"
import { openSocket } from "../support/socket"
import { waitUntil } from "../support/wait"

const GATEWAY = "a secret of gateways"

describe("deleting one's account", () => {
  let house: House
  let ann: Person
  let bob: Person
  let eve: Person
  let people = 0

  beforeAll(async () => {
    house = await openHouse({ env: { INTERNAL_API_KEY: GATEWAY } })
  })
  afterAll(() => house.stop())
  beforeEach(async () => {
    people++
    ann = await registered(`ann${people}`)
    bob = await person(house.url, `bob${people}`)
    eve = await person(house.url, `eve${people}`)
  })

  const post = (path: string, body: unknown, headers = {}) =>
    call(house.url, { method: "POST", path, body, headers })
  const registered = async (username: string) =>
    asPerson(
      house.url,
      await post(
        "/auth/register",
        {
          username,
          password: PASSWORD,
          email: `${username}@mail.example`,
          display_name: `Display of ${username}`,
        },
        { "user-agent": `Browser of ${username}` },
      ),
    )
  const numberOf = async ({ id }: Person): Promise<number> =>
    (await eve.get(`/users/${id}`)).body.numeric_id

  test("ends every credential of theirs, and sockets with 4201, before it is answered", async () => {
    const login = { username: ann.name, password: PASSWORD }
    const other = asPerson(house.url, await post("/auth/login", login))
    const { key } = (await ann.post("/auth/keys", { name: "bot" })).body
    const byKey = { "x-api-key": key }
    const late = await openSocket(`${house.url}/api/v1/ws`)
    await late.ask("auth", { token: other.token })
    const bot = await openSocket(`${house.url}/api/v1/ws`, { headers: byKey })
    await bot.next("hello")
    const sockets = [await ann.connect(), await other.connect(), late, bot]
    const stays = await bob.connect()

    const answer = await ann.delete("/users/me")

    expect([answer.status, answer.body]).toEqual([204, null])
    const asked: Record<string, string>[] = [
      { authorization: `Bearer ${ann.token}` },
      { authorization: `Bearer ${other.token}` },
      { cookie: `access_token=${ann.token}` },
      byKey,
      { "x-internal-api-key": GATEWAY, "x-user-id": ann.id },
      { "x-internal-api-key": GATEWAY, "x-user-id": ann.name },
    ]
    for (const headers of asked) {
      const me = await call(house.url, { method: "GET", path: "/users/me", headers })
      expectProblem(me, "unauthorized")
    }
    for (const socket of sockets) expect(await socket.closed).toMatchObject({ code: 4201 })
    for (const { refreshToken } of [ann, other]) {
      const refreshed = await post("/auth/refresh", { refresh_token: refreshToken })
      expectProblem(refreshed, "unauthorized")
    }
    expectProblem(await post("/auth/login", login), "unauthorized")
    const byEmail = { email: `${ann.name}@mail.example`, password: PASSWORD }
    expectProblem(await post("/auth/login", byEmail), "unauthorized")
    expect((await stays.ask("ping")).type).toBe("ok")
  })

  test("leaves no trace of who they were in any row", async () => {
    const number = await numberOf(ann)
    await ann.patch("/users/me", { avatar_url: `/pictures/of/${ann.name}` })
    await ann.post("/auth/keys", { name: `bot of ${ann.name}` })
    await ann.put(`/users/${bob.id}/block`)
    await eve.put(`/users/${ann.id}/block`)
    const room = await roomOf(bob, [ann])
    await bob.put(`/rooms/${room.id}/bans/${ann.id}`, { reason: `for being ${ann.name}` })
    const other = await roomOf(bob, [ann])
    await bob.put(`/rooms/${other.id}/mutes/${ann.id}`, { reason: `as ${ann.name} shouted` })
    const trace = () => JSON.stringify(house.everything())
    expect(trace()).toContain(`Browser of ${ann.name}`)
    expect(trace()).toContain(`for being ${ann.name}`)
    const last = await ann.connect()

    await ann.delete("/users/me")
    await last.closed
    // Whoever has gone offline is noted as seen, after 2 s: bob, but not who is no more.
    const next = await bob.connect()
    next.close()
    const seen = `select * from users where id = '${bob.id}' and last_seen_at is not null`
    await waitUntil("bob was seen", () => house.rows(seen).length > 0, 4_000)

    expect(trace()).not.toContain(ann.name)
    expect(house.rows(`select * from users where numeric_id = ${number}`)).toEqual([
      expect.objectContaining({
        username: `deleted-${number}`,
        username_key: `deleted-${number}`,
        display_name: null,
        avatar_url: null,
        email: null,
        email_key: null,
        password_hash: null,
        last_seen_at: null,
        role: "user",
      }),
    ])
    for (const table of ["sessions", "api_keys", "bans"]) {
      expect(house.rows(`select * from ${table} where user_numeric_id = ${number}`)).toEqual([])
    }
    expect(
      house.rows(
        `select * from blocks where user_numeric_id = ${number} or blocked_numeric_id = ${number}`,
      ),
    ).toEqual([])
  }, 20_000)

  test("leaves what they wrote in its place, by nobody in particular, also where it was read before", async () => {
    const number = await numberOf(ann)
    const room = await roomOf(bob, [ann])
    await ann.post(`/rooms/${room.id}/messages`, { content: "I was here" })
    const path = `/rooms/${room.id}/messages`
    for (let index = 0; index < 3; index++) await bob.get(path)

    await ann.delete("/users/me")

    const { body } = await bob.get(path)
    expect(body).toHaveLength(1)
    expect(body[0]).toMatchObject({ seq: 3, content: "I was here", user_id: ann.id })
    expect(body[0].user).toEqual({
      id: ann.id,
      username: `deleted-${number}`,
      display_name: null,
      avatar_url: null,
    })
    expectProblem(await bob.get(`/users/${ann.id}`), "user_not_found")
    const list = (await bob.get(`/users?query=deleted-${number}`)).body
    expect(list).toEqual([])
  })

  test("ends every membership, tells so, and passes rooms on", async () => {
    const number = await numberOf(ann)
    const joined = await roomOf(bob, [ann])
    const owned = await roomOf(ann, [bob, eve])
    await ann.put(`/rooms/${owned.id}/members/${eve.id}`, { role: "moderator" })
    const { body: alone } = await ann.post("/rooms", { name: "alone", type: "private" })
    const socket = await listening(bob, joined, owned)

    await ann.delete("/users/me")

    const told = await changesHeard(socket)
    const inShort = told.map(({ type, room_id, seq, data }) => {
      const place = room_id === joined.id ? "joined" : "owned"
      return `${place} ${seq} ${type} ${data.user?.username} ${data.role}`
    })
    expect(inShort.sort()).toEqual([
      `joined 3 member.left deleted-${number} member`,
      `owned 5 member.left deleted-${number} member`,
      `owned 6 member.updated ${eve.name} owner`,
    ])
    expect((await bob.get(`/rooms/${joined.id}`)).body).toMatchObject({ member_count: 1 })
    expect((await eve.patch(`/rooms/${owned.id}`, { name: "mine now" })).status).toBe(200)
    expect(
      house.rows(`select archived_at is not null as gone from rooms where id = '${alone.id}'`),
    ).toEqual([{ gone: 1 }])
  })

  test("a conversation stays for the other one, who can read it", async () => {
    const { body: talk } = await ann.post("/conversations", { user_ids: [bob.id] })
    await ann.post(`/rooms/${talk.id}/messages`, { content: "goodbye" })
    const socket = await listening(bob, talk)

    await ann.delete("/users/me")

    expect((await socket.next("member.left")).room_id).toBe(talk.id)
    expect((await bob.get(`/rooms/${talk.id}/messages`)).body).toMatchObject([
      { content: "goodbye", user_id: ann.id },
    ])
    const mine = (await bob.get("/conversations")).body
    expect(mine.map((it: { id: string }) => it.id)).toEqual([talk.id])
    expect(mine[0].users.map((it: { id: string }) => it.id)).toEqual([bob.id])
    expect((await bob.post(`/rooms/${talk.id}/messages`, { content: "?" })).status).toBe(200)
    expectProblem(await bob.post("/conversations", { user_ids: [ann.id] }), "user_not_found")
  })

  test("frees the name and the address, for somebody who is somebody else", async () => {
    const room = await roomOf(ann, [bob])
    await ann.post(`/rooms/${room.id}/messages`, { content: "mine" })
    await ann.delete("/users/me")

    const again = await registered(ann.name)

    expect(again.id).not.toBe(ann.id)
    expect((await again.get("/users/me")).body.email).toBe(`${ann.name}@mail.example`)
    expect((await again.get("/rooms?mine=true")).body).toEqual([])
    expectProblem(await ann.get("/users/me"), "unauthorized")
    const { body } = await again.get(`/rooms/${room.id}/messages`)
    expect(body[0].user_id).toBe(ann.id)
    expect(body[0].user.username).toStartWith("deleted-")
  })

  test.each(["deleted-12", "Deleted-12", "DELETED-0"])(
    "nobody can take the name of one who is no more: %s",
    async (username) => {
      const before = house.everything()

      const answer = await post("/auth/register", { username, password: PASSWORD })

      expectProblem(answer, "invalid_request", ["username"])
      expect(house.everything()).toEqual(before)
    },
  )

  test("a key cannot, and neither can a stranger", async () => {
    const { key } = (await ann.post("/auth/keys", { name: "bot" })).body
    const before = house.everything()
    const ask = (headers: Record<string, string>) =>
      call(house.url, { method: "DELETE", path: "/users/me", headers })

    expectProblem(await ask({ "x-api-key": key }), "forbidden")
    expectProblem(await ask({}), "unauthorized")

    expect(house.everything()).toEqual(before)
  })

  test("the last admin may go too: the next one comes from the command line, and is nobody by himself", async () => {
    changeRows(house.path, `update users set role = 'admin' where id = '${ann.id}'`)
    house.clock.advance(1_000)
    expect((await ann.get(`/users/${bob.id}`)).body).toHaveProperty("email")

    expect((await ann.delete("/users/me")).status).toBe(204)

    expect(house.rows("select * from users where role = 'admin'")).toEqual([])
  })

  test("once is enough, and nobody hears of it who shares no room", async () => {
    const stranger = await listening(eve, await roomOf(eve))
    const before = stranger.frames.length
    expect((await ann.delete("/users/me")).status).toBe(204)

    expectProblem(await ann.delete("/users/me"), "unauthorized")
    await stranger.framesUntilQuiet()
    expect(stranger.frames.slice(before)).toEqual([])
  })
})
