import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { changesHeard, listening } from "../support/listening"
import { asPerson, call, PASSWORD, type Person, person, roomOf } from "../support/people"
import { expectProblem, refusals } from "../support/scenarios"

const NAMES = ["username", "email", "avatar_url"]

describe("changing one's profile", () => {
  let house: House
  let ann: Person
  let bob: Person
  let eve: Person
  let people = 0

  beforeAll(async () => {
    house = await openHouse()
  })
  afterAll(() => house.stop())
  beforeEach(async () => {
    const n = ++people
    ann = asPerson(
      house.url,
      await call(house.url, {
        method: "POST",
        path: "/auth/register",
        body: { username: `ann${n}`, password: PASSWORD, email: `ann${n}@example.org` },
      }),
    )
    bob = await person(house.url, `bob${n}`)
    eve = await person(house.url, `eve${n}`)
  })

  const rename = (by: Person, username: string) => by.patch("/users/me", { username })

  test("answers the user as they are now, which all others see at once", async () => {
    const wish = {
      username: `anna${people}`,
      display_name: "Anna 🙂",
      avatar_url: "https://pictures.example/anna.png",
      email: `anna${people}@example.org`,
    }

    const { status, body } = await ann.patch("/users/me", wish)

    expect(status).toBe(200)
    expect(body).toMatchObject({ ...wish, id: ann.id })
    expect((await ann.get("/users/me")).body).toEqual(body)
    const { email, role, ...shown } = body
    expect([email, role]).toEqual([wish.email, "user"])
    expect((await bob.get(`/users/${ann.id}`)).body).toEqual(shown)
    const login = (name: object) =>
      call(house.url, {
        method: "POST",
        path: "/auth/login",
        body: { ...name, password: PASSWORD },
      })
    expect((await login({ username: wish.username.toUpperCase() })).status).toBe(200)
    expect((await login({ email: wish.email.toUpperCase() })).status).toBe(200)
    expectProblem(await login({ username: ann.name }), "unauthorized")
    expectProblem(await login({ email: `${ann.name}@example.org` }), "unauthorized")
  })

  test("what is left out stays, null takes away, and unknown fields are nobody's business", async () => {
    await ann.patch("/users/me", { display_name: "Ann", avatar_url: "/uploads/1" })

    const named = await ann.patch("/users/me", { display_name: "Anna", role: "admin", id: "x" })
    expect(named.body).toMatchObject({
      id: ann.id,
      username: ann.name,
      display_name: "Anna",
      avatar_url: "/uploads/1",
      email: `${ann.name}@example.org`,
    })
    const none = { display_name: null, avatar_url: null, email: null }
    expect((await ann.patch("/users/me", none)).body).toMatchObject(none)
    expect(house.rows("select distinct role from users where numeric_id > 0")).toEqual([
      { role: "user" },
    ])
  })

  test("is told with the next seq in each room of theirs, to who listens there, and to nobody else", async () => {
    const [first, second] = [await roomOf(ann, [bob]), await roomOf(bob, [ann])]
    const left = await roomOf(bob, [ann])
    await ann.post(`/rooms/${left.id}/leave`)
    const socket = await listening(bob, first, second, left)
    const stranger = await listening(eve, await roomOf(eve))
    const own = await ann.connect()

    await ann.patch("/users/me", { display_name: "Anna" })

    const told = await changesHeard(socket)
    expect(told).toHaveLength(2)
    for (const [room, role] of [[first, "owner"] as const, [second, "member"] as const]) {
      const frame = told.find(({ room_id }) => room_id === room.id)
      expect(frame).toMatchObject({ type: "member.updated", seq: 3 })
      expect(frame?.data).toMatchObject({
        user_id: ann.id,
        role,
        changed_seq: 3,
        user: { username: ann.name, display_name: "Anna" },
      })
      const { body } = await bob.get(`/rooms/${room.id}/changes?epoch=${room.epoch}&since=2`)
      expect(body).toMatchObject({ recovered: true, head: 3, messages: [] })
      expect(body.members).toEqual([frame?.data])
    }
    expect((await bob.get(`/rooms/${left.id}`)).body.head).toBe(3)
    expect(await changesHeard(stranger)).toEqual([])
    expect(await changesHeard(own)).toEqual([])
  })

  test("given the same values again, then nothing changes and nobody is told", async () => {
    const room = await roomOf(ann, [bob])
    await ann.patch("/users/me", { display_name: "Anna", avatar_url: "/a" })
    const socket = await listening(bob, room)
    const before = house.everything()

    for (const body of [{}, { display_name: "Anna", avatar_url: "/a", username: ann.name }]) {
      expect((await ann.patch("/users/me", body)).status).toBe(200)
    }

    expect(house.everything()).toEqual(before)
    expect(await changesHeard(socket)).toEqual([])
  })

  test("history that was read before shows the new name at once, and so does what is sent on an open socket", async () => {
    const room = await roomOf(ann, [bob])
    const [mine, theirs] = [await listening(ann, room), await listening(bob, room)]
    const key = (await ann.post("/auth/keys", { name: "bot" })).body.key
    await mine.ask("message.send", { room_id: room.id, content: "before" })
    await theirs.next("message.created")
    const path = `/rooms/${room.id}/messages`
    for (let index = 0; index < 3; index++) await bob.get(path)

    await rename(ann, `anna${people}`)

    const user = expect.objectContaining({ id: ann.id, username: `anna${people}` })
    expect((await bob.get(path)).body).toMatchObject([{ content: "before", user }])
    await mine.ask("message.send", { room_id: room.id, content: "after" })
    expect((await theirs.next("message.created")).data).toMatchObject({ content: "after", user })
    await ann.post(path, { content: "by REST" })
    expect((await theirs.next("message.created")).data).toMatchObject({ user })
    const headers = { "x-api-key": key }
    await call(house.url, { method: "POST", path, body: { content: "by key" }, headers })
    expect((await theirs.next("message.created")).data).toMatchObject({ user })
    await mine.ask("typing", { room_id: room.id, is_typing: true })
    expect((await theirs.next("typing")).data.username).toBe(`anna${people}`)
    const { data } = await theirs.ask("history", { room_id: room.id })
    expect(data.messages).toMatchObject([{ user }, { user }, { user }, { user }])
  })

  test("a name that was given up is free again, and one may change the case of one's own", async () => {
    expect((await rename(ann, ann.name.toUpperCase())).body.username).toBe(ann.name.toUpperCase())
    await ann.patch("/users/me", { username: `anna${people}`, email: null })

    expect((await rename(bob, ann.name)).body.username).toBe(ann.name)
    const body = { email: `${ann.name}@example.org` }
    expect((await eve.patch("/users/me", body)).body).toMatchObject(body)
  })

  test("given many want one name at the same moment, one gets it", async () => {
    const wish = `racer${people}`

    const answers = await Promise.all([ann, bob, eve].map((it) => rename(it, wish)))

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    expect(house.rows(`select * from users where username_key = '${wish}'`)).toHaveLength(1)
  })

  test("refuses the 11th change of a minute, and counts what was refused but not what changed nothing", async () => {
    const named = (index: number) => ann.patch("/users/me", { display_name: `Ann the ${index}` })
    for (let index = 0; index < 20; index++) {
      expect((await ann.patch("/users/me", { username: ann.name })).status).toBe(200)
    }
    // Which addresses others have could be found out by asking for them.
    expectProblem(await ann.patch("/users/me", { username: bob.name }), "conflict", ["username"])
    for (let index = 2; index <= 10; index++) expect((await named(index)).status).toBe(200)
    const before = house.everything()

    const refused = await named(11)

    expectProblem(refused, "rate_limited")
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0)
    expect(house.everything()).toEqual(before)
    expect((await bob.patch("/users/me", { display_name: "Bob" })).status).toBe(200)
    house.clock.advance(60_000)
    expect((await named(12)).status).toBe(200)
  })

  const wrong = (name: string, body: unknown, ...fields: string[]) =>
    ({
      name,
      by: () => ann,
      method: "PATCH",
      path: "/users/me",
      body,
      code: "invalid_request",
      wrong: fields,
    }) as const
  refusals(
    () => house,
    [
      ...[
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "//evil.example/x",
        "/\\evil.example/x",
        "ftp://files.example/x",
        "x.png",
        `/${"x".repeat(2000)}`,
      ].map((avatar_url) =>
        wrong(`a picture at ${avatar_url.slice(0, 30)}`, { avatar_url }, "avatar_url"),
      ),
      wrong("a display name of 65", { display_name: "🙂".repeat(65) }, "display_name"),
      wrong("an empty display name", { display_name: "" }, "display_name"),
      wrong("no username", { username: null }, "username"),
      wrong("a username of digits only", { username: "12345" }, "username"),
      wrong("the name of a deleted user", { username: "Deleted-12" }, "username"),
      wrong("an address without @", { email: "nobody" }, "email"),
      wrong("all of it wrong", { username: "!", email: 7, avatar_url: [] }, ...NAMES),
      wrong("no object", [], ""),
      {
        ...wrong("a name that is taken, in another case", null),
        body: { username: "SYSTEM" },
        code: "conflict",
        wrong: ["username"],
      },
      { name: "a stranger", method: "PATCH", path: "/users/me", body: {}, code: "unauthorized" },
    ],
  )

  test("an address that is taken, in another case, is a conflict", async () => {
    const before = house.everything()

    const answer = await bob.patch("/users/me", { email: `${ann.name}@EXAMPLE.org` })

    expectProblem(answer, "conflict", ["email"])
    expect(house.everything()).toEqual(before)
  })
})
