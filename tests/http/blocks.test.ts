import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { SYSTEM_USER_ID } from "../../src/protocol/ids"
import { type Cast, openCast, toldInShort } from "../support/cast"
import { listening } from "../support/listening"
import { type Person, roomOf } from "../support/people"
import { expectProblem, refusals } from "../support/scenarios"

describe("blocks", () => {
  let cast: Cast
  let ann: Person
  let bob: Person
  let cleo: Person

  beforeAll(async () => {
    cast = await openCast()
  })
  afterAll(() => cast.stop())
  beforeEach(async () => {
    ann = await cast.stranger()
    bob = await cast.stranger()
    cleo = await cast.stranger()
  })

  const block = (by: Person, of: Person) => by.put(`/users/${of.id}/block`)
  const unblock = (by: Person, of: Person) => by.delete(`/users/${of.id}/block`)
  const talk = (by: Person, ...others: readonly Person[]) =>
    by.post("/conversations", { user_ids: others.map(({ id }) => id) })
  const say = (by: Person, { id }: { readonly id: string }, content = "hello") =>
    by.post(`/rooms/${id}/messages`, { content })

  test("end writing to each other, both ways, and nobody hears of the attempt", async () => {
    const room = (await talk(ann, bob)).body
    const devices = [await listening(ann, room), await listening(bob, room)]

    expect((await block(ann, bob)).status).toBe(204)

    for (const [index, by] of [ann, bob].entries()) {
      expectProblem(await say(by, room), "forbidden")
      const data = { room_id: room.id, content: "hello" }
      const frame = await devices[index]?.ask("message.send", data)
      expect(frame?.data).toMatchObject({ code: "forbidden" })
      const typing = { room_id: room.id, is_typing: true }
      expect((await devices[index]?.ask("typing", typing))?.data.code).toBe("forbidden")
    }
    for (const device of devices) expect(await toldInShort(device)).toEqual([])
    expect(cast.headOf(room)).toBe(room.head)
  })

  test("leave what was said: both go on reading, and find the conversation again", async () => {
    const room = (await talk(ann, bob)).body
    await say(bob, room, "before")

    await block(ann, bob)

    for (const by of [ann, bob]) {
      expect((await by.get(`/rooms/${room.id}/messages`)).body).toMatchObject([
        { content: "before" },
      ])
      expect((await by.put(`/rooms/${room.id}/read`, { seq: 3 })).status).toBe(204)
    }
    expect((await talk(bob, ann)).body.id).toBe(room.id)
  })

  test("end when both have unblocked each other", async () => {
    const room = (await talk(ann, bob)).body
    await block(ann, bob)
    await block(bob, ann)

    await unblock(ann, bob)
    expectProblem(await say(ann, room), "forbidden")
    expectProblem(await say(bob, room), "forbidden")
    expect((await unblock(bob, ann)).status).toBe(204)

    expect((await say(ann, room)).status).toBe(200)
    expect((await say(bob, room)).status).toBe(200)
  })

  test("to block or to unblock again changes nothing", async () => {
    await talk(ann, bob)
    await block(ann, bob)
    const blocked = cast.everything()
    expect((await block(ann, bob)).status).toBe(204)
    expect(cast.everything()).toEqual(blocked)

    await unblock(ann, bob)
    const unblocked = cast.everything()
    expect((await unblock(ann, bob)).status).toBe(204)
    expect(cast.everything()).toEqual(unblocked)
  })

  test("let no conversation begin, of two or of more, whoever of the two asks", async () => {
    await block(ann, bob)
    const before = cast.everything()

    for (const [by, other] of [
      [ann, bob],
      [bob, ann],
    ] as const) {
      expectProblem(await talk(by, other), "forbidden")
      expectProblem(await talk(by, other, cleo), "forbidden")
    }

    expect(cast.everything()).toEqual(before)
    await unblock(ann, bob)
    const room = (await talk(bob, ann)).body
    expect((await say(bob, room)).status).toBe(200)
  })

  test("leave conversations of three and rooms of many as they are", async () => {
    const three = (await talk(ann, bob, cleo)).body
    const many = await roomOf(cleo, [ann, bob])

    await block(ann, bob)

    for (const room of [three, many]) {
      for (const by of [ann, bob]) expect((await say(by, room)).status).toBe(200)
    }
  })

  test("are of two people: other conversations of either go on", async () => {
    const rooms = [(await talk(ann, cleo)).body, (await talk(bob, cleo)).body]

    await block(ann, bob)

    expect((await say(ann, rooms[0])).status).toBe(200)
    expect((await say(bob, rooms[1])).status).toBe(200)
  })

  test("keep whoever is blocked from adding the blocker to a room, and not the other way round", async () => {
    await block(ann, bob)
    const [bobs, anns] = [await roomOf(bob), await roomOf(ann)]

    expectProblem(await bob.put(`/rooms/${bobs.id}/members/${ann.id}`), "forbidden")
    expect((await ann.put(`/rooms/${anns.id}/members/${bob.id}`)).status).toBe(200)
    expect((await ann.post(`/rooms/${bobs.id}/join`)).status).toBe(200)
    expect(cast.headOf(bobs)).toBe(2)
  })

  test("what was sent before is answered again: retrying stays safe", async () => {
    const room = (await talk(ann, bob)).body
    const send = () => bob.post(`/rooms/${room.id}/messages`, { content: "x", client_id: "c1" })
    const first = (await send()).body
    await block(ann, bob)

    expect(await send()).toMatchObject({ status: 200, body: { id: first.id, duplicate: true } })
  })

  test("are listed to whoever made them, by pages, and to nobody else", async () => {
    for (const of of [bob, cleo, cast.eve]) await block(ann, of)
    await unblock(ann, cast.eve)

    const first = await ann.get("/users/me/blocks?limit=1")
    const next = /<\/api\/v1(.+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1] ?? ""
    const second = await ann.get(next)

    expect(first.body).toMatchObject([{ id: cleo.id, username: cleo.name }])
    expect(first.body[0]).not.toHaveProperty("email")
    expect(second.body).toMatchObject([{ id: bob.id }])
    expect((await ann.get("/users/me/blocks")).body).toHaveLength(2)
    expect((await bob.get("/users/me/blocks")).body).toEqual([])
  })

  test("go with the account of either", async () => {
    await block(ann, bob)
    await block(cleo, ann)

    await ann.delete("/users/me")

    expect((await cleo.get("/users/me/blocks")).body).toEqual([])
    const ids = [ann, bob, cleo].map(({ id }) => `'${id}'`).join(",")
    const left = `select 1 from blocks join users on numeric_id = user_numeric_id where id in (${ids})`
    expect(cast.rows(left)).toEqual([])
  })

  const eve = () => cast.eve
  for (const method of ["PUT", "DELETE"] as const) {
    refusals(
      () => cast,
      [
        { name: "nobody", method, path: () => `/users/${ann.id}/block`, code: "unauthorized" },
        {
          name: "oneself",
          by: eve,
          method,
          path: () => `/users/${cast.eve.id}/block`,
          code: "invalid_request",
        },
        {
          name: "somebody who never was",
          by: eve,
          method,
          path: "/users/nobody/block",
          code: "user_not_found",
        },
        {
          name: "the system",
          by: eve,
          method,
          path: `/users/${SYSTEM_USER_ID}/block`,
          code: "user_not_found",
        },
      ],
    )
  }
})
