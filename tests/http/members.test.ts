import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import type { ApiRoom } from "../../src/protocol/answers"
import { type House, openHouse } from "../support/house"
import { type Person, person, roomOf } from "../support/people"
import { changeRows } from "../support/rows"
import { expectProblem, refusals } from "../support/scenarios"

describe("members", () => {
  let house: House
  let ann: Person
  let bob: Person
  let mia: Person
  let moe: Person
  let eve: Person
  let root: Person
  let room: ApiRoom

  beforeAll(async () => {
    house = await openHouse()
    ann = await person(house.url, "ann")
    bob = await person(house.url, "bob")
    mia = await person(house.url, "mia")
    moe = await person(house.url, "moe")
    eve = await person(house.url, "eve")
    root = await person(house.url, "root")
    changeRows(house.path, "update users set role = 'admin' where username = 'root'")
  })
  afterAll(() => house.stop())

  /** A private room: ann owns it, mia and moe moderate, bob is a member, eve is a stranger. */
  beforeEach(async () => {
    room = (await ann.post("/rooms", { name: "house", type: "private" })).body
    await put(ann, bob)
    await put(ann, mia, { role: "moderator" })
    await put(ann, moe, { role: "moderator" })
  })

  const memberPath = (of: Person) => `/rooms/${room.id}/members/${of.id}`
  const put = (by: Person, of: Person, body?: unknown) => by.put(memberPath(of), body)
  const rolesNow = () =>
    Object.fromEntries(
      house
        .rows(
          `select username, members.role from members
           join users on users.numeric_id = user_numeric_id
           join rooms on rooms.numeric_id = room_numeric_id
           where rooms.id = '${room.id}' and left_at is null order by user_numeric_id`,
        )
        .map((row) => [row.username, row.role]),
    )
  const head = () => house.rows(`select head from rooms where id = '${room.id}'`)[0]?.head

  test("are shown with their role, their profile and when they came", async () => {
    const { body } = await bob.get(`/rooms/${room.id}/members`)

    expect(body.map((it: { user: { username: string } }) => it.user.username)).toEqual([
      "ann",
      "bob",
      "mia",
      "moe",
    ])
    expect(body[1]).toEqual({
      room_id: room.id,
      user_id: bob.id,
      user: { id: bob.id, username: "bob", display_name: null, avatar_url: null },
      role: "member",
      joined_at: expect.stringMatching(/Z$/),
      left_at: null,
      muted_until: null,
      changed_seq: 2,
    })
  })

  test("joining a public room makes a member, once, however often and at once", async () => {
    const open = await roomOf(ann)

    const answers = await Promise.all(
      Array.from({ length: 5 }, () => bob.post(`/rooms/${open.id}/join`)),
    )

    for (const { status, body } of answers) {
      expect(status).toBe(200)
      expect(body).toMatchObject({ id: open.id, member_count: 2, head: 2 })
    }
    expect((await bob.get(`/rooms/${open.id}/members`)).body).toHaveLength(2)
  })

  test("leaving ends membership; coming back makes one anew, and what was said meanwhile is not unread", async () => {
    const open = await roomOf(ann, [bob])
    expect((await bob.post(`/rooms/${open.id}/leave`)).status).toBe(204)
    await ann.post(`/rooms/${open.id}/messages`, { content: "while bob is away" })
    expect((await ann.get(`/rooms/${open.id}`)).body).toMatchObject({ member_count: 1, head: 4 })

    await bob.post(`/rooms/${open.id}/join`)

    const unread = (await bob.get("/unread")).body
    expect(unread.find((it: { room_id: string }) => it.room_id === open.id)).toEqual({
      room_id: open.id,
      unread: 0,
      mentions: 0,
      last_read_seq: 5,
      head: 5,
    })
    expect((await ann.get(`/rooms/${open.id}`)).body).toMatchObject({ member_count: 2, head: 5 })
  })

  test("a member of a private room who has left is a stranger to it", async () => {
    await bob.post(`/rooms/${room.id}/leave`)

    expectProblem(await bob.get(`/rooms/${room.id}`), "room_not_found")
    expectProblem(await bob.post(`/rooms/${room.id}/join`), "room_not_found")
  })

  test("leaving where one is no member is told as such, and changes nothing", async () => {
    const open = await roomOf(ann)
    const before = house.everything()

    expectProblem(await eve.post(`/rooms/${open.id}/leave`), "room_not_found")
    expect(house.everything()).toEqual(before)
  })

  test("while another owner is there, nobody follows", async () => {
    await put(ann, bob, { role: "owner" })

    await ann.post(`/rooms/${room.id}/leave`)

    expect(rolesNow()).toEqual({ bob: "owner", mia: "moderator", moe: "moderator" })
  })

  test("setting the role that one has changes nothing and takes no seq", async () => {
    const before = head()

    const answer = await put(ann, mia, { role: "moderator" })

    expect(answer).toMatchObject({ status: 200, body: { user_id: mia.id, role: "moderator" } })
    expect((await put(ann, mia)).body).toMatchObject({ role: "moderator" })
    expect(head()).toBe(before)
  })

  test("a role is handed on before it is given up", async () => {
    expectProblem(await put(ann, ann, { role: "member" }), "conflict")

    await put(ann, bob, { role: "owner" })
    expect((await put(ann, ann, { role: "member" })).status).toBe(200)
    expect(rolesNow()).toMatchObject({ ann: "member", bob: "owner" })
  })

  test("members invite where the room lets them, as plain members only", async () => {
    expectProblem(await put(bob, eve), "forbidden")
    await ann.patch(`/rooms/${room.id}`, { members_can_invite: true })

    expectProblem(await put(bob, eve, { role: "moderator" }), "forbidden")
    expect((await put(bob, eve)).body).toMatchObject({ role: "member", user_id: eve.id })
    expect((await eve.get(`/rooms/${room.id}`)).status).toBe(200)
  })

  test("an admin who is no member adds, sets roles and removes", async () => {
    expect((await put(root, eve, { role: "moderator" })).status).toBe(200)
    expect((await put(root, eve, { role: "member" })).status).toBe(200)
    expect((await root.delete(memberPath(eve))).status).toBe(204)
    expect(rolesNow()).not.toHaveProperty("eve")
  })

  test("a moderator removes a member, who is then a stranger; the removed takes a role no more", async () => {
    expect((await mia.delete(memberPath(bob))).status).toBe(204)

    expectProblem(await bob.get(`/rooms/${room.id}/messages`), "room_not_found")
    expectProblem(await mia.delete(memberPath(bob)), "user_not_found")
    await put(ann, bob)
    expect(rolesNow()).toMatchObject({ bob: "member" })
  })

  test("somebody who was an owner, left and was invited again is a plain member", async () => {
    await put(ann, bob, { role: "owner" })
    await bob.post(`/rooms/${room.id}/leave`)
    const query = `epoch=${room.epoch}&since=1`
    const { members } = (await ann.get(`/rooms/${room.id}/changes?${query}`)).body
    expect(members.at(-1)).toMatchObject({ user_id: bob.id, role: "member" })

    await put(ann, bob)

    expect(rolesNow()).toMatchObject({ bob: "member" })
  })

  test("one may remove oneself, whatever one's role", async () => {
    expect((await bob.delete(memberPath(bob))).status).toBe(204)
    expect(rolesNow()).not.toHaveProperty("bob")
  })

  const on = (of: () => Person) => () => memberPath(of())
  refusals(
    () => house,
    [
      {
        name: "a moderator makes oneself the owner",
        by: () => mia,
        method: "PUT",
        path: on(() => mia),
        body: { role: "owner" },
        code: "forbidden",
      },
      {
        name: "a moderator adds an owner",
        by: () => mia,
        method: "PUT",
        path: on(() => eve),
        body: { role: "owner" },
        code: "forbidden",
      },
      {
        name: "an unknown role",
        by: () => ann,
        method: "PUT",
        path: on(() => bob),
        body: { role: "king" },
        code: "invalid_request",
        wrong: ["role"],
      },
      {
        name: "a user who never was",
        by: () => ann,
        method: "PUT",
        path: () => `/rooms/${room.id}/members/nobody`,
        code: "user_not_found",
      },
      {
        name: "the system",
        by: () => ann,
        method: "PUT",
        path: () => `/rooms/${room.id}/members/00000000-0000-0000-0000-000000000000`,
        code: "user_not_found",
      },
      {
        name: "somebody who is no member",
        by: () => ann,
        method: "DELETE",
        path: on(() => eve),
        code: "user_not_found",
      },
    ],
  )

  test("malformed JSON is refused where the body may be left out, too", async () => {
    const before = house.everything()
    const response = await fetch(`${house.url}/api/v1${memberPath(eve)}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${ann.token}`, "content-type": "application/json" },
      body: '{"role": "owner"',
    })

    expect(response.status).toBe(400)
    expect(house.everything()).toEqual(before)
  })
})
