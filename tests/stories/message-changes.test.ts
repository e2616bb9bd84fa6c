import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { listening } from "../support/listening"
import { type Answer, type Person, person, roomOf } from "../support/people"
import { changeRows } from "../support/rows"
import { expectProblem } from "../support/scenarios"
import type { TestFrame, TestSocket } from "../support/socket"

const THUMB = "👍"
const ENCODED = encodeURIComponent(THUMB)

describe("messages that live on", () => {
  let house: House
  let ann: Person
  let bob: Person
  let eve: Person
  let room: { readonly id: string; readonly epoch: string }
  /** Of bob. */
  let message: string
  let people = 0

  beforeAll(async () => {
    house = await openHouse()
  })
  afterAll(() => house.stop())
  beforeEach(async () => {
    people++
    ann = await person(house.url, `ann${people}`)
    bob = await person(house.url, `bob${people}`)
    eve = await person(house.url, `eve${people}`)
    const made = await ann.post("/rooms", { name: "secret", type: "private" })
    room = made.body
    await ann.put(`/rooms/${room.id}/members/${bob.id}`)
    message = (await bob.post(`/rooms/${room.id}/messages`, { content: "helo" })).body.id
  })

  const changesIn = ({ frames }: TestSocket) =>
    frames.filter(({ type }) => type.startsWith("message."))
  const inShort = (frames: readonly TestFrame[]) =>
    frames.map(({ type, seq, data }) => `${seq} ${type} ${data.content}`)

  test("over REST: edited, read back, reacted to, pinned and deleted, and all who are there hear it", async () => {
    const hers = await listening(ann, room)
    const stranger = await eve.connect()
    await stranger.ask("subscribe", { all: true })
    const path = `/messages/${message}`

    const edited = await bob.patch(path, { content: "hello", metadata: { a: 1 } })
    const history = await ann.get(`${path}/history`)
    const reacted = await ann.put(`${path}/reactions/${ENCODED}`)
    const pinned = await ann.put(`${path}/pin`)
    const pins = await bob.get(`/rooms/${room.id}/pins`)
    const unpinned = await ann.delete(`${path}/pin`)
    const alone = await ann.delete(`${path}/reactions/${ENCODED}`)
    const deleted = await ann.delete(path)

    const answers = [edited, reacted, pinned, unpinned, alone, deleted]
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(edited.body).toMatchObject({
      content: "hello",
      metadata: { a: 1 },
      seq: 3,
      changed_seq: 4,
      edited_at: expect.any(String),
    })
    expect(history.body).toEqual([
      { seq: 4, content: "helo", metadata: null, created_at: edited.body.created_at },
    ])
    expect(reacted.body.reactions).toEqual([{ emoji: THUMB, count: 1, users: [ann.id] }])
    expect(pinned.body).toMatchObject({ pinned: true, reactions: reacted.body.reactions })
    expect(pins.body).toEqual([pinned.body])
    expect(unpinned.body).toMatchObject({ pinned: false })
    expect(alone.body).toMatchObject({ reactions: [] })
    expect(deleted.body).toMatchObject({ content: "", metadata: null, seq: 3, changed_seq: 9 })
    expect(deleted.body.deleted_at).toBeString()
    expect((await bob.get(path)).body).toEqual(deleted.body)
    expect((await bob.get(`${path}/history`)).body).toEqual([])
    expect((await bob.get(`/rooms/${room.id}/messages`)).body).toEqual([deleted.body])

    await hers.next("message.deleted")
    expect(inShort(changesIn(hers))).toEqual([
      "4 message.updated hello",
      "5 message.updated hello",
      "6 message.updated hello",
      "7 message.updated hello",
      "8 message.updated hello",
      "9 message.deleted ",
    ])
    const told = changesIn(hers).map(({ data }) => data)
    expect(told).toEqual(answers.map(({ body }) => body))
    expect(changesIn(stranger)).toEqual([])
  })

  test("over the WebSocket: the same, answered with the whole message after its event", async () => {
    const his = await listening(bob, room)
    const hers = await listening(ann, room)
    const ofIt = { message_id: message }

    const answers = [
      await his.ask("message.edit", { ...ofIt, content: "hello" }),
      await his.ask("reaction.add", { ...ofIt, emoji: THUMB }),
      await hers.ask("message.pin", ofIt),
      await hers.ask("message.unpin", ofIt),
      await his.ask("reaction.remove", { ...ofIt, emoji: THUMB }),
      await hers.ask("message.delete", ofIt),
    ]

    const messages = answers.map(({ type, data }) => [type, data.message.changed_seq])
    expect(messages).toEqual([4, 5, 6, 7, 8, 9].map((seq) => ["ok", seq]))
    await his.next("message.deleted")
    expect(changesIn(his).map(({ data }) => data)).toEqual(answers.map(({ data }) => data.message))
    const own = his.frames.filter(({ type, data }) => type === "ok" && data.message !== undefined)
    for (const { data } of own) {
      const event = his.frames.findIndex(
        ({ data: it }) => it.changed_seq === data.message.changed_seq,
      )
      const answer = his.frames.findIndex((it) => it.data === data)
      expect(event).toBeLessThan(answer)
    }
    // What is so already is answered, and told to nobody.
    const before = his.frames.length
    expect((await hers.ask("message.delete", ofIt)).data.message.changed_seq).toBe(9)
    expect(await his.framesUntilQuiet()).toEqual([])
    expect(his.frames.length).toBe(before)
  })

  test("a stranger to a private room finds no message, whatever is asked of it", async () => {
    const path = `/messages/${message}`
    const socket = await eve.connect()
    const before = house.everything()

    const answers: Answer[] = [
      await eve.patch(path, { content: "mine" }),
      await eve.delete(path),
      await eve.get(`${path}/history`),
      await eve.put(`${path}/reactions/${ENCODED}`),
      await eve.put(`${path}/pin`),
    ]
    for (const answer of answers) expectProblem(answer, "message_not_found")
    const refused = await socket.ask("message.edit", { message_id: message, content: "mine" })
    expect(refused).toMatchObject({ type: "error", data: { code: "message_not_found" } })
    expectProblem(await eve.get(`/rooms/${room.id}/pins`), "room_not_found")

    expect(house.everything()).toEqual(before)
  })

  test("an edit says something: content, or metadata, or null for it", async () => {
    const path = `/messages/${message}`
    for (const body of [{}, { content: null }, { content: "\0" }, { metadata: 7 }, { colour: 1 }]) {
      expectProblem(await bob.patch(path, body), "invalid_request")
    }
    const tooLong = await bob.patch(path, { content: "x".repeat(4_001) })
    expectProblem(tooLong, "invalid_request", ["content"])
    const socket = await bob.connect()
    const nothing = await socket.ask("message.edit", { message_id: message })
    expect(nothing).toMatchObject({ type: "error", data: { code: "invalid_request" } })
  })

  test("an edit leaves what it does not name", async () => {
    const path = `/messages/${message}`
    await bob.patch(path, { metadata: { a: 1 } })
    expect((await bob.patch(path, { content: "x" })).body).toMatchObject({
      content: "x",
      metadata: { a: 1 },
    })
    expect((await bob.patch(path, { metadata: null })).body).toMatchObject({
      content: "x",
      metadata: null,
    })
  })

  test("an emoji has 1 to 64 characters, none of them a space, and is one however it was written", async () => {
    const socket = await bob.connect()
    const react = (emoji: string) => socket.ask("reaction.add", { message_id: message, emoji })
    const good = [
      "👩‍👩‍👧‍👦",
      "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
      "❤️",
      ":shrug:",
      "+1",
      "é",
      "a/b",
      "x".repeat(64),
      "👍".repeat(64),
    ]
    const unseen = ["", " ", "a b", "a\n", "\u202e", "\u200d", "\ufe0f", "\u3164", "\ud83d", "\0"]
    // As part of an address, `..` would lead to the message itself.
    const bad = [...unseen, "x".repeat(65), ".", ".."]

    for (const emoji of good) expect([emoji, (await react(emoji)).type]).toEqual([emoji, "ok"])
    for (const emoji of bad) {
      const { data } = await react(emoji)
      expect([emoji, data.code]).toEqual([emoji, "invalid_request"])
    }
    const again = await react("e\u0301")
    const { reactions } = again.data.message
    expect(reactions.map((it: { emoji: string }) => it.emoji)).toEqual(good)

    // As parts of an address, too.
    for (const emoji of good) {
      const path = `/messages/${message}/reactions/${encodeURIComponent(emoji)}`
      expect((await bob.delete(path)).status).toBe(200)
    }
    expect((await bob.get(`/messages/${message}`)).body.reactions).toEqual([])
    const space = await bob.put(`/messages/${message}/reactions/a%20b`)
    expectProblem(space, "invalid_request", ["emoji"])
  })

  test("what it said before comes in pages, newest first", async () => {
    const path = `/messages/${message}`
    for (const content of ["1", "2", "3"]) await bob.patch(path, { content })

    const first = await ann.get(`${path}/history?limit=2`)
    const next = /<\/api\/v1([^>]+)>/.exec(first.headers.get("link") ?? "")?.[1] ?? ""
    const second = await ann.get(next)

    const contents = [first, second].map(({ body }) => body.map((it: Answer["body"]) => it.content))
    expect(contents).toEqual([["2", "1"], ["helo"]])
    expect(second.headers.get("link")).toBeNull()
  })

  test("who comes back is told a changed message once, in its last state", async () => {
    const { head, epoch } = (await ann.get(`/rooms/${room.id}`)).body
    await bob.patch(`/messages/${message}`, { content: "hello" })
    await ann.put(`/messages/${message}/reactions/${ENCODED}`)
    const { body: last } = await ann.put(`/messages/${message}/pin`)

    const socket = await ann.connect()
    const answer = await socket.ask("subscribe", {
      rooms: [{ room_id: room.id, epoch, since: head }],
    })

    const [part] = answer.data.rooms
    expect(part).toMatchObject({ recovered: true, until: head + 3, members: [], messages: [last] })
  })

  test("nothing of a deleted message is left in any table but its place", async () => {
    const path = `/messages/${message}`
    const { numeric_id: number } = (await bob.get(path)).body
    await bob.patch(path, { content: "a whisper" })
    await ann.put(`${path}/reactions/${ENCODED}`)
    const [{ numeric_id: roomNumber } = {}] = house.rows(
      `select numeric_id from rooms where id = '${room.id}'`,
    )
    const [{ numeric_id: annNumber } = {}] = house.rows(
      `select numeric_id from users where id = '${ann.id}'`,
    )
    changeRows(
      house.path,
      `insert into mentions (user_numeric_id, room_numeric_id, seq, author_numeric_id)
       values (${annNumber}, ${roomNumber}, 3, 0)`,
    )
    changeRows(
      house.path,
      `insert into attachments (upload_id, message_numeric_id) values ('u', ${number})`,
    )
    changeRows(
      house.path,
      `update messages set extras = '{"mentions":["${ann.id}"]}' where numeric_id = ${number}`,
    )

    await bob.delete(path)

    const ofMessage = `message_numeric_id = ${number}`
    for (const table of ["message_edits", "reactions", "attachments"]) {
      expect(house.rows(`select * from ${table} where ${ofMessage}`)).toEqual([])
    }
    expect(house.rows(`select * from mentions where room_numeric_id = ${roomNumber}`)).toEqual([])
    expect(JSON.stringify(house.everything())).not.toContain("a whisper")
  })

  test("what somebody edited and reacted to stays when they are no more, by nobody in particular", async () => {
    await bob.patch(`/messages/${message}`, { content: "hello" })
    await bob.put(`/messages/${message}/reactions/${ENCODED}`)

    expect((await bob.delete("/users/me")).status).toBe(204)

    const { body } = await ann.get(`/messages/${message}`)
    expect(body).toMatchObject({
      content: "hello",
      user_id: bob.id,
      user: { username: expect.stringMatching(/^deleted-/) },
      reactions: [{ emoji: THUMB, count: 1, users: [bob.id] }],
    })
    const history = await ann.get(`/messages/${message}/history`)
    expect(history.body).toMatchObject([{ content: "helo" }])
    expect(JSON.stringify(house.everything())).not.toContain(`"bob${people}"`)
  })

  test("a message is taken back by a moderator, and by an admin who is elsewhere", async () => {
    const open = await roomOf(ann, [bob])
    const [one, two] = [
      await bob.post(`/rooms/${open.id}/messages`, { content: "one" }),
      await ann.post(`/rooms/${open.id}/messages`, { content: "two" }),
    ]
    changeRows(house.path, `update users set role = 'admin' where id = '${eve.id}'`)
    house.clock.advance(1_000)

    expectProblem(await bob.delete(`/messages/${two.body.id}`), "forbidden")
    expect((await ann.delete(`/messages/${one.body.id}`)).body.deleted_at).toBeString()
    expect((await eve.delete(`/messages/${two.body.id}`)).body.deleted_at).toBeString()
    expect((await eve.delete(`/messages/${message}`)).body.deleted_at).toBeString()
    const unread = (await bob.get("/unread")).body
    const here = unread.find((it: { room_id: string }) => it.room_id === open.id)
    expect(here).toMatchObject({ unread: 0 })
  })
})
