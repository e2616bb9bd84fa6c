import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { type Cast, type CastRoom, openCast, toldInShort } from "../support/cast"
import { listening } from "../support/listening"
import type { Person } from "../support/people"
import { expectProblem, refusals } from "../support/scenarios"

const FOREVER = "9999-12-31T23:59:59.999Z"

describe("mutes", () => {
  let cast: Cast
  let room: CastRoom

  beforeAll(async () => {
    cast = await openCast()
  })
  afterAll(() => cast.stop())
  beforeEach(async () => {
    room = await cast.room()
  })

  const mutePath = (of: Person) => `/rooms/${room.id}/mutes/${of.id}`
  const mute = (of: Person, body?: unknown, by = cast.ann) => by.put(mutePath(of), body)
  const say = (by: Person, content = "hello", more = {}) =>
    by.post(`/rooms/${room.id}/messages`, { content, ...more })
  const inSeconds = (seconds: number) => new Date(cast.clock.now() + seconds * 1000).toISOString()

  test("a muted member cannot speak, by REST or by socket, and nobody hears of the attempt", async () => {
    const { ann, bob, mia, eve } = cast
    const witness = await listening(ann, room)
    const device = await listening(bob, room)
    const stranger = await eve.connect()

    const { status, body } = await mute(bob, { reason: "too loud" }, mia)

    expect(status).toBe(200)
    expect(body).toMatchObject({
      user_id: bob.id,
      role: "member",
      left_at: null,
      muted_until: FOREVER,
      changed_seq: 7,
    })
    const refused = await say(bob)
    expectProblem(refused, "muted")
    expect(refused.body.detail).toContain("too loud")
    const data = { room_id: room.id, content: "hello" }
    expect(await device.ask("message.send", data)).toMatchObject({
      type: "error",
      data: { code: "muted", retryable: false },
    })
    expect(await device.ask("typing", { room_id: room.id, is_typing: true })).toMatchObject({
      data: { code: "muted" },
    })
    expect(await toldInShort(witness)).toEqual(["member.updated 7"])
    expect(await toldInShort(device)).toEqual(["member.updated 7"])
    expect(await toldInShort(stranger)).toEqual([])
    expect(cast.headOf(room)).toBe(7)
  })

  test("a muted member goes on hearing and reading, what the room itself says too", async () => {
    const { ann, bob, mia } = cast
    await mute(bob)
    const device = await listening(bob, room)

    await say(ann)
    await say(mia, "closing soon", { type: "system" })

    expect(await toldInShort(device)).toEqual(["message.created 8", "message.created 9"])
    expect((await bob.get(`/rooms/${room.id}/messages`)).body).toMatchObject([
      { content: "hello", type: "text" },
      { content: "closing soon", type: "system" },
    ])
    expect((await bob.get(`/rooms/${room.id}/changes?epoch=${room.epoch}&since=8`)).status).toBe(
      200,
    )
    expect((await bob.put(`/rooms/${room.id}/read`, { seq: 9 })).status).toBe(204)
    expect(await toldInShort(device)).toEqual(["read"])
  })

  test("the others see it in the list and in the changes", async () => {
    const { ann, bob } = cast
    const until = inSeconds(60)
    await mute(bob, { until })

    const { body } = await ann.get(`/rooms/${room.id}/changes?epoch=${room.epoch}&since=6`)

    expect(body.members).toMatchObject([{ user_id: bob.id, muted_until: until, changed_seq: 7 }])
    const [, listed] = (await ann.get(`/rooms/${room.id}/members`)).body
    expect(listed).toMatchObject({ user_id: bob.id, muted_until: until })
  })

  test("leaving and coming back does not end it, by whichever door", async () => {
    const { ann, bob } = cast
    await mute(bob)
    await bob.post(`/rooms/${room.id}/leave`)
    const before = cast.everything()

    expectProblem(await say(bob), "muted")
    expect(cast.everything()).toEqual(before)

    await bob.post(`/rooms/${room.id}/join`)
    expectProblem(await say(bob), "muted")
    await ann.delete(`/rooms/${room.id}/members/${bob.id}`)
    await ann.put(`/rooms/${room.id}/members/${bob.id}`)
    expectProblem(await say(bob), "muted")
    const { code } = (await ann.post(`/rooms/${room.id}/invites`)).body
    await bob.post(`/rooms/${room.id}/leave`)
    await bob.post(`/invites/${code}`)
    expectProblem(await say(bob), "muted")
    const [, member] = (await ann.get(`/rooms/${room.id}/members`)).body
    expect(member).toMatchObject({ user_id: bob.id, muted_until: FOREVER })
  })

  test("one with an end ends by itself, and takes no seq by that", async () => {
    const { bob } = cast
    await mute(bob, { until: inSeconds(60) })
    cast.clock.advance(55_000)
    expectProblem(await say(bob), "muted")

    cast.clock.advance(6_000)

    expect((await say(bob)).body).toMatchObject({ seq: 8 })
  })

  test("the same once more takes no seq; another end or another reason does", async () => {
    const { bob } = cast
    const until = inSeconds(60)
    const seqAfter = async (body: unknown) => (await mute(bob, body)).body.changed_seq

    expect(await seqAfter({ until, reason: "loud" })).toBe(7)
    expect(await seqAfter({ until, reason: "loud" })).toBe(7)
    expect(await seqAfter({ until, reason: "louder" })).toBe(8)
    expect(await seqAfter({ reason: "louder" })).toBe(9)
    expect(await seqAfter({ until: null, reason: "louder" })).toBe(9)
    expect(await seqAfter({ until: FOREVER, reason: "louder" })).toBe(9)
    expect(cast.headOf(room)).toBe(9)
  })

  test("whoever is let off may speak, which all hear of once; to let off again changes nothing", async () => {
    const { ann, bob, mia } = cast
    await mute(bob)
    const witness = await listening(ann, room)

    expect((await mia.delete(mutePath(bob))).status).toBe(204)
    expect((await mia.delete(mutePath(bob))).status).toBe(204)

    expect(witness.frames.at(-1)?.data).toMatchObject({ user_id: bob.id, muted_until: null })
    expect((await say(bob)).status).toBe(200)
    expect(await toldInShort(witness)).toEqual(["member.updated 8", "message.created 9"])
  })

  test("a muted moderator says nothing in the room's name either, and does not let themselves off", async () => {
    const { ann, mia, root } = cast
    await mute(mia, {}, ann)

    expectProblem(await say(mia, "hear me", { type: "system" }), "muted")
    expectProblem(await mia.delete(mutePath(mia)), "forbidden")
    await mute(ann, {}, root)
    expectProblem(await ann.delete(mutePath(ann)), "forbidden")
    expectProblem(await say(ann), "muted")
  })

  test("an admin of the server lets themselves off", async () => {
    const { ann, root } = cast
    await ann.put(`/rooms/${room.id}/members/${root.id}`)
    await mute(root)
    expectProblem(await say(root), "muted")

    expect((await root.delete(mutePath(root))).status).toBe(204)

    expect((await say(root)).status).toBe(200)
  })

  test("what was sent before is answered again: retrying stays safe", async () => {
    const { bob } = cast
    const first = (await say(bob, "hello", { client_id: "c1" })).body
    await mute(bob)

    const again = await say(bob, "hello", { client_id: "c1" })

    expect(again).toMatchObject({ status: 200, body: { id: first.id, duplicate: true } })
    expectProblem(await say(bob, "hello", { client_id: "c2" }), "muted")
  })

  test("it is of one room only", async () => {
    const { bob } = cast
    await mute(bob)
    const other = await cast.room()

    expect((await bob.post(`/rooms/${other.id}/messages`, { content: "free" })).status).toBe(200)
  })

  const path = (of: () => Person) => () => mutePath(of())
  const on = { method: "PUT" } as const
  refusals(
    () => cast,
    [
      { ...on, name: "nobody", path: path(() => cast.bob), code: "unauthorized" },
      {
        ...on,
        name: "a member",
        by: () => cast.bob,
        path: path(() => cast.mia),
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
        name: "a moderator mutes a moderator",
        by: () => cast.mia,
        path: path(() => cast.moe),
        code: "forbidden",
      },
      {
        ...on,
        name: "a moderator mutes the owner",
        by: () => cast.mia,
        path: path(() => cast.ann),
        code: "forbidden",
      },
      { ...on, name: "oneself", by: () => cast.ann, path: path(() => cast.ann), code: "forbidden" },
      {
        ...on,
        name: "somebody who is no member",
        by: () => cast.ann,
        path: path(() => cast.eve),
        code: "user_not_found",
      },
      {
        ...on,
        name: "the system",
        by: () => cast.root,
        path: () => `/rooms/${room.id}/mutes/00000000-0000-0000-0000-000000000000`,
        code: "user_not_found",
      },
      {
        ...on,
        name: "all of the body wrong",
        by: () => cast.ann,
        path: path(() => cast.bob),
        body: { until: 5, reason: "" },
        code: "invalid_request",
        wrong: ["until", "reason"],
      },
      {
        ...on,
        name: "a past end",
        by: () => cast.ann,
        path: path(() => cast.bob),
        body: { until: "2020-01-01T00:00:00Z" },
        code: "invalid_request",
        wrong: ["until"],
      },
      {
        name: "a member lets somebody off",
        by: () => cast.bob,
        method: "DELETE",
        path: path(() => cast.mia),
        code: "forbidden",
      },
    ],
  )
})
