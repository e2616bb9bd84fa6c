import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { type Person, person, roomOf } from "../support/people"
import { expectProblem, refusals } from "../support/scenarios"

describe("forwarding", () => {
  let house: House
  let ann: Person
  let bob: Person
  let eve: Person
  let from: { readonly id: string }
  let to: { readonly id: string }
  let original: { readonly id: string; readonly seq: number }

  beforeAll(async () => {
    house = await openHouse()
    ann = await person(house.url, "ann")
    bob = await person(house.url, "bob")
    eve = await person(house.url, "eve")
  })
  afterAll(() => house.stop())
  beforeEach(async () => {
    from = (await ann.post("/rooms", { name: "from", type: "private" })).body
    to = await roomOf(ann, [bob])
    const body = { content: "hear this, @room", metadata: { colour: "green" }, client_id: "o-1" }
    original = (await ann.post(`/rooms/${from.id}/messages`, body)).body
  })

  const forward = (by: Person, body: object = {}, id = original.id) =>
    by.post(`/messages/${id}/forward`, { room_id: to.id, ...body })

  test("says again what was said, by whom it forwards, to everybody in the other room and to nobody else", async () => {
    const heard = await bob.connect()
    await heard.ask("subscribe", { rooms: [{ room_id: to.id }] })
    const stranger = await eve.connect()
    await stranger.ask("subscribe", { all: true })

    const { status, body } = await forward(ann)

    expect(status).toBe(200)
    expect(body).toMatchObject({
      room_id: to.id,
      seq: 3,
      user_id: ann.id,
      content: "hear this, @room",
      type: "text",
      metadata: { colour: "green" },
      forwarded_from: original.id,
      // It was said to others: it calls nobody here.
      mentions: [],
      reply_to: null,
      thread_id: null,
    })
    expect(body).not.toHaveProperty("client_id")
    expect(body.id).not.toBe(original.id)
    expect((await heard.next("message.created")).data).toEqual(body)
    expect((await bob.get("/unread")).body).toMatchObject([{ unread: 1, mentions: 0 }])
    expect(await stranger.framesUntilQuiet()).toEqual([])
    heard.close()
    stranger.close()
  })

  test("a forward that is forwarded still names the first one", async () => {
    const { body: first } = await forward(ann)

    const { body: second } = await forward(bob, { room_id: (await roomOf(bob)).id }, first.id)

    expect(second).toMatchObject({ forwarded_from: original.id, user_id: bob.id })
  })

  test("over the socket it is answered as a message sent is, and in turn with those", async () => {
    const socket = await ann.connect()
    const wish = { message_id: original.id, room_id: to.id, client_id: "f-1" }

    const answers = await Promise.all([
      socket.ask("message.send", { room_id: to.id, content: "before" }),
      socket.ask("message.forward", wish),
      socket.ask("message.send", { room_id: to.id, content: "after" }),
    ])
    const again = await socket.ask("message.forward", wish)

    expect(answers.map(({ type, data }) => [type, data.seq])).toEqual([
      ["ok", 3],
      ["ok", 4],
      ["ok", 5],
    ])
    const [, first] = answers
    expect(Object.keys(first?.data)).toEqual([
      "id",
      "numeric_id",
      "room_id",
      "seq",
      "created_at",
      "duplicate",
    ])
    expect(again.data).toEqual({ ...first?.data, duplicate: true })
    socket.close()
  })

  test("again by the same client_id it is the first one, whatever has become of the original", async () => {
    const first = await forward(ann, { client_id: "f-1" })
    const before = house.rows("select count(*) as count from messages")

    const again = await forward(ann, { client_id: "f-1" })
    await ann.patch(`/messages/${original.id}`, { content: "something else" })
    const afterEdit = await forward(ann, { client_id: "f-1" })
    await ann.delete(`/messages/${original.id}`)
    const afterDeletion = await forward(ann, { client_id: "f-1" })

    for (const { body } of [again, afterEdit, afterDeletion]) {
      expect(body).toEqual({ ...first.body, duplicate: true })
    }
    expect(house.rows("select count(*) as count from messages")).toEqual(before)
    expectProblem(await forward(ann, { client_id: "f-2" }), "message_not_found")
  })

  test("by the client_id of another message it is a conflict", async () => {
    const other = (await ann.post(`/rooms/${from.id}/messages`, { content: "other" })).body
    await forward(ann, { client_id: "f-1" })
    await ann.post(`/rooms/${to.id}/messages`, { content: "hello", client_id: "s-1" })
    const before = house.everything()

    expectProblem(await forward(ann, { client_id: "f-1" }, other.id), "conflict")
    expectProblem(await forward(ann, { client_id: "s-1" }), "conflict")

    expect(house.everything()).toEqual(before)
  })

  test("has nobody say what they have not said: it cannot be edited, and can be deleted", async () => {
    const { body } = await forward(ann)

    const edited = await ann.patch(`/messages/${body.id}`, { content: "I agree" })
    const metadata = await ann.patch(`/messages/${body.id}`, { metadata: { quote: "I agree" } })
    const same = await ann.patch(`/messages/${body.id}`, { content: body.content })

    expectProblem(edited, "forbidden")
    expectProblem(metadata, "forbidden")
    expect(same.body).toEqual(body)
    expect((await ann.get(`/messages/${body.id}`)).body).toEqual(body)
    expect((await ann.delete(`/messages/${body.id}`)).status).toBe(200)
  })

  test("takes what one may read to where one may send, and nothing else", async () => {
    const deleted = (await ann.post(`/rooms/${from.id}/messages`, { content: "gone" })).body
    await ann.delete(`/messages/${deleted.id}`)
    const system = { content: "the room moves", type: "system" }
    const notice = (await ann.post(`/rooms/${from.id}/messages`, system)).body
    const readable = (await bob.post(`/rooms/${to.id}/messages`, { content: "hello" })).body
    await ann.put(`/rooms/${to.id}/mutes/${bob.id}`)
    const before = house.everything()

    expectProblem(await forward(eve), "message_not_found")
    expectProblem(await forward(bob), "message_not_found")
    expectProblem(await forward(ann, {}, deleted.id), "message_not_found")
    expectProblem(await forward(ann, {}, notice.id), "invalid_request")
    expectProblem(await forward(ann, { room_id: "nowhere" }), "room_not_found")
    expectProblem(await forward(bob, { room_id: from.id }, readable.id), "room_not_found")
    expectProblem(await forward(bob, {}, readable.id), "muted")

    expect(house.everything()).toEqual(before)
  })

  test("counts as a message sent", async () => {
    const strict = await openHouse({ env: { CHAT_MAX_MESSAGES_PER_MIN: "2" } })
    const cleo = await person(strict.url, "cleo")
    const room = await roomOf(cleo)
    const { body } = await cleo.post(`/rooms/${room.id}/messages`, { content: "hello" })
    const again = () => cleo.post(`/messages/${body.id}/forward`, { room_id: room.id })

    expect((await again()).status).toBe(200)
    expectProblem(await again(), "rate_limited")

    await strict.stop()
  })

  const wrong = (name: string, body: unknown, ...fields: string[]) =>
    ({
      name,
      by: () => ann,
      method: "POST",
      path: "/messages/nothing/forward",
      body,
      code: "invalid_request",
      wrong: fields,
    }) as const
  refusals(
    () => house,
    [
      wrong("to no room", {}, "room_id"),
      wrong("to many rooms", { room_id: ["a"] }, "room_id"),
      wrong("an empty client_id", { room_id: "a", client_id: "" }, "client_id"),
    ],
  )
})
