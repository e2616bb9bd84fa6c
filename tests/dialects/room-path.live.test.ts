import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { shakeHands } from "../support/handshake"
import { type House, openHouse } from "../support/house"
import { type Person, person, roomOf } from "../support/people"
import { openPlainSocket, type PlainSocket, type RefusedUpgrade } from "../support/plain-socket"
import { changeRows } from "../support/rows"
import { expectProblem } from "../support/scenarios"

let people = 0

describe("room-path", () => {
  let house: House

  beforeAll(async () => {
    house = await openHouse({ env: { CHAT_MAX_FRAMES_PER_SEC: "0" } })
  })
  afterAll(() => house.stop())

  const somebody = (name: string) => person(house.url, `${name}-${++people}`)
  /** All that a frame or an upgrade could change. When somebody was last seen changes by itself. */
  const everythingSaid = () => [
    ...house.rows("select id from users order by 1"),
    ...["rooms", "members", "messages"].flatMap((it) =>
      house.rows(`select * from ${it} order by 1, 2`),
    ),
  ]
  const addressOf = (roomId: string, user: string | number) =>
    `${house.url}/api/v1/ws/${roomId}/${user}`

  /** Opens a socket and takes its history. */
  async function enter(who: Person, roomId: string): Promise<PlainSocket> {
    const socket = await openPlainSocket(addressOf(roomId, who.id), { token: who.token })
    expect(await socket.next()).toMatchObject({ type: "history" })
    return socket
  }

  const refusalOf = (address: string, token: string | null = null): Promise<RefusedUpgrade> =>
    openPlainSocket(address, { token }).then(
      () => Promise.reject(new Error("it was let in")),
      (error) => error,
    )

  describe("the history", () => {
    test("is the first frame, and empty in an empty room", async () => {
      const ann = await somebody("ann")
      const { id } = await roomOf(ann)

      const socket = await openPlainSocket(addressOf(id, ann.id), { token: ann.token })

      expect(await socket.next()).toEqual({ type: "history", messages: [] })
      expect(await socket.framesUntilQuiet()).toEqual([])
      socket.close()
    })

    test("is the newest 50 of 51 messages, oldest first, as GET …/messages?limit=50 has them", async () => {
      const ann = await somebody("ann")
      const { id } = await roomOf(ann)
      for (let i = 1; i <= 51; i++) await ann.post(`/rooms/${id}/messages`, { content: `${i}` })

      const socket = await openPlainSocket(addressOf(id, ann.id), { token: ann.token })
      const { messages } = await socket.next()

      const contents = messages.map((it: { content: string }) => it.content)
      expect(contents).toEqual(Array.from({ length: 50 }, (_, i) => `${i + 2}`))
      expect(messages).toEqual((await ann.get(`/rooms/${id}/messages?limit=50`)).body)
      socket.close()
    })

    test("comes on every connection, before what is sent in the moment of opening is told", async () => {
      const ann = await somebody("ann")
      const { id } = await roomOf(ann)
      const first = await enter(ann, id)

      const second = await openPlainSocket(addressOf(id, ann.id), { token: ann.token })
      second.send({ type: "text", content: "hello" })

      expect(await second.next()).toEqual({ type: "history", messages: [] })
      expect(await second.next()).toMatchObject({ content: "hello" })
      first.close()
      second.close()
    })
  })

  describe("who comes and goes", () => {
    test("is told to the others with a timestamp, and to nobody for a second device", async () => {
      const [ann, bob] = [await somebody("ann"), await somebody("bob")]
      const { id } = await roomOf(ann)
      const witness = await enter(ann, id)
      const notice = (verb: string) => ({
        type: "system",
        content: `User ${bob.name} ${verb} the chat`,
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      })

      const phone = await enter(bob, id)
      expect(await witness.next()).toEqual(notice("joined"))

      const laptop = await enter(bob, id)
      phone.close()
      await phone.closed
      expect(await witness.framesUntilQuiet()).toEqual([])
      expect(await laptop.framesUntilQuiet()).toEqual([])

      laptop.close()
      expect(await witness.next()).toEqual(notice("left"))
      witness.close()
    })

    test("needs no join first in a public room, and is a member from then on", async () => {
      const [ann, bob] = [await somebody("ann"), await somebody("bob")]
      const { id } = await roomOf(ann)

      const socket = await enter(bob, id)

      expect((await ann.get(`/rooms/${id}`)).body).toMatchObject({ member_count: 2, user_count: 1 })
      socket.close()
    })

    test("may be named in the address by public id, username or numeric id", async () => {
      const ann = await somebody("ann")
      const { id } = await roomOf(ann)
      const { numeric_id } = (await ann.get("/users/me")).body

      for (const name of [ann.id, ann.name, ann.name.toUpperCase(), numeric_id]) {
        const socket = await openPlainSocket(addressOf(id, name), { token: ann.token })
        expect(await socket.next()).toMatchObject({ type: "history" })
        socket.close()
      }
    })

    test("may bring a token in the URL, an API key or the cookie", async () => {
      const ann = await somebody("ann")
      const { id } = await roomOf(ann)
      const { key } = (await ann.post("/auth/keys", { name: "bot" })).body
      const ways = [
        [`?token=${ann.token}`, {}],
        ["", { "x-api-key": key }],
        ["", { cookie: `access_token=${ann.token}` }],
      ] as const

      for (const [query, headers] of ways) {
        const answer = await shakeHands(addressOf(id, ann.id) + query, headers)
        answer.cut()
        expect(answer.status).toBe(101)
      }
    })
  })

  describe("a message", () => {
    let ann: Person
    let bob: Person
    let roomId: string
    let hers: PlainSocket
    let his: PlainSocket

    beforeAll(async () => {
      ann = await somebody("ann")
      bob = await somebody("bob")
      roomId = (await roomOf(ann, [bob])).id
      hers = await enter(ann, roomId)
      his = await enter(bob, roomId)
      await hers.next()
    })
    afterAll(() => {
      hers.close()
      his.close()
    })

    const stored = async () => (await ann.get(`/rooms/${roomId}/messages`)).body

    test("is stored, then sent to all with its sender, as the message object of REST", async () => {
      hers.send({ type: "text", content: "Hello, World!", user_id: ann.id })

      const [toHer, toHim] = [await hers.next(), await his.next()]
      expect(toHer).toEqual((await stored()).at(-1))
      expect(toHim).toEqual(toHer)
      expect(toHer).toMatchObject({ type: "text", content: "Hello, World!", user_id: ann.id })
      expect(await hers.framesUntilQuiet()).toEqual([])
    })

    test("over REST is heard here as it was answered", async () => {
      const { status, body } = await ann.post(`/rooms/${roomId}/messages`, {
        content: "Hello, World!",
        user_id: ann.id,
        type: "text",
        client_id: "mine",
      })

      expect(status).toBe(200)
      expect(await his.next()).toEqual(body)
      expect(await hers.next()).toEqual(body)
    })

    test("may name its sender by any of their ids, or not at all", async () => {
      const { numeric_id } = (await ann.get("/users/me")).body
      for (const user_id of [ann.id, ann.name, numeric_id, String(numeric_id), undefined]) {
        hers.send({ type: "text", content: "me", user_id })
        expect(await hers.next()).toMatchObject({ content: "me", user_id: ann.id })
        expect(await his.next()).toMatchObject({ content: "me", user_id: ann.id })
      }
    })

    test("in another user's name is refused, stored nowhere and heard by nobody", async () => {
      const before = everythingSaid()
      for (const user_id of [bob.id, bob.name, "nobody", 0]) {
        hers.send({ type: "text", content: "not me", user_id })
        expect(await hers.next()).toMatchObject({ type: "error", code: "forbidden" })
      }
      expect(await his.framesUntilQuiet()).toEqual([])
      expect(everythingSaid()).toEqual(before)
    })

    test("may be an image or a file, by an address that is harmless", async () => {
      for (const type of ["image", "file"]) {
        hers.send({ type, content: "https://chat.example/cat.png" })
        expect(await his.next()).toMatchObject({ type, content: "https://chat.example/cat.png" })
        await hers.next()
        hers.send({ type, content: "javascript:alert(1)" })
        expect(await hers.next()).toMatchObject({ type: "error", code: "invalid_request" })
      }
      expect(await his.framesUntilQuiet()).toEqual([])
    })

    test("of the type system is for moderators, and has an id and a timestamp", async () => {
      his.send({ type: "system", content: "Maintenance at noon" })
      expect(await his.next()).toMatchObject({ type: "error", code: "forbidden" })

      hers.send({ type: "system", content: "Maintenance at noon" })

      const last = async () => (await stored()).at(-1)
      const told = await his.next()
      const message = await last()
      expect(told).toEqual({ ...message, timestamp: message.created_at })
      expect(told).toMatchObject({ type: "system", content: "Maintenance at noon" })
      expect(await hers.next()).toEqual(told)
    })

    test.each<readonly [string, string | Buffer, string]>([
      ["binary", Buffer.from('{"type":"text","content":"hello"}'), "invalid_request"],
      ["no JSON", "hello", "invalid_request"],
      ["of an unknown type", '{"type":"shout","content":"hello"}', "invalid_request"],
      ["empty", '{"type":"text","content":""}', "invalid_request"],
      [
        "of 4,001 characters",
        JSON.stringify({ type: "text", content: "x".repeat(4001) }),
        "invalid_request",
      ],
      [
        "of more than 64 KiB",
        JSON.stringify({ type: "text", content: "x".repeat(65_536) }),
        "payload_too_large",
      ],
      ["of more than 64 KiB, binary", Buffer.alloc(65_537), "payload_too_large"],
      ["typing", '{"type":"typing","is_typing":true}', "invalid_request"],
    ])("that is %s is refused with its detail, and the connection stays", async (_, data, code) => {
      const before = everythingSaid()

      hers.sendRaw(data)

      expect(await hers.next()).toEqual({ type: "error", detail: expect.any(String), code })
      expect(everythingSaid()).toEqual(before)
      hers.send({ type: "text", content: "still here" })
      expect(await hers.next()).toMatchObject({ type: "text", content: "still here" })
      expect(await his.next()).toMatchObject({ content: "still here" })
    })

    test("by who is muted is refused, and the connection stays", async () => {
      await ann.put(`/rooms/${roomId}/mutes/${bob.id}`)

      his.send({ type: "text", content: "hello" })

      expect(await his.next()).toMatchObject({ type: "error", code: "muted" })
      await ann.delete(`/rooms/${roomId}/mutes/${bob.id}`)
      his.send({ type: "text", content: "hello" })
      expect(await his.next()).toMatchObject({ content: "hello" })
      expect(await hers.next()).toMatchObject({ content: "hello" })
    })

    test("is all that is told: typing, reading, names and members have no words", async () => {
      const native = await bob.connect()
      await native.ask("subscribe", { rooms: [{ room_id: roomId }] })
      await native.ask("typing", { room_id: roomId, is_typing: true })
      await native.ask("read", { room_id: roomId, seq: 1 })
      await native.ask("presence", { status: "away" })
      const eve = await somebody("eve")
      await eve.post(`/rooms/${roomId}/join`)
      await ann.patch(`/rooms/${roomId}`, { topic: "weather" })
      await eve.post(`/rooms/${roomId}/leave`)

      expect(await hers.framesUntilQuiet()).toEqual([])
      expect(await his.framesUntilQuiet()).toEqual([])
      native.close()
    })
  })

  describe("the door", () => {
    let ann: Person
    let eve: Person
    let open: { readonly id: string }
    let hidden: { readonly id: string }

    beforeAll(async () => {
      ann = await somebody("ann")
      eve = await somebody("eve")
      open = await roomOf(ann)
      hidden = (await ann.post("/rooms", { name: "hidden", type: "private" })).body
    })

    async function expectRefusal(address: string, token: string | null, expected: object) {
      const before = everythingSaid()
      const refusal = await refusalOf(address, token)
      expect(refusal).toMatchObject(expected)
      expect(refusal.contentType).toBe("application/problem+json")
      expect(refusal.body.status).toBe(refusal.status)
      expect(refusal.body.detail).toBeString()
      expect(everythingSaid()).toEqual(before)
      return refusal
    }

    test("is closed with 401 without credentials, and with wrong ones", async () => {
      const expected = { status: 401, body: { code: "unauthorized" } }
      await expectRefusal(addressOf(open.id, ann.id), null, expected)
      await expectRefusal(addressOf(open.id, ann.id), "not.a.token", expected)
      await expectRefusal(addressOf(open.id, "made-up"), null, expected)
      await expectRefusal(addressOf("made-up", ann.id), null, expected)
    })

    test("is closed with 403 in another user's name", async () => {
      for (const other of [ann.id, ann.name, "nobody", "0"]) {
        const expected = { status: 403, body: { code: "forbidden" } }
        await expectRefusal(addressOf(open.id, other), eve.token, expected)
      }
    })

    test("is closed with 404 where there is no room, and the same where one is hidden", async () => {
      const expected = { status: 404, body: { code: "room_not_found" } }
      const unknown = await expectRefusal(addressOf("no-room", eve.id), eve.token, expected)
      const private_ = await expectRefusal(addressOf(hidden.id, eve.id), eve.token, expected)

      expect(private_.body).toEqual(unknown.body)
      const { body: direct } = await ann.post("/conversations", {
        user_ids: [(await somebody("bob")).id],
      })
      await expectRefusal(addressOf(direct.id, eve.id), eve.token, expected)
      const member = await enter(ann, hidden.id)
      member.close()
    })

    test("is closed with 404 where the room was deleted", async () => {
      const { id } = await roomOf(ann)
      await ann.delete(`/rooms/${id}`)

      await expectRefusal(addressOf(id, ann.id), ann.token, { status: 404 })
    })

    test("is closed with 400 for what can be no room id", async () => {
      for (const name of ["a%20b", "user:1", "%00", "a%2Fb", "x".repeat(101)]) {
        const expected = { status: 400, body: { code: "invalid_request" } }
        await expectRefusal(addressOf(name, eve.id), eve.token, expected)
      }
    })

    test("is closed with 403 to who is banned", async () => {
      const { id } = await roomOf(ann, [eve])
      await ann.put(`/rooms/${id}/bans/${eve.id}`, { reason: "spam" })

      const { body } = await expectRefusal(addressOf(id, eve.id), eve.token, { status: 403 })
      expect(body.code).toBe("banned")
    })

    test("is closed with 409 where the room is full, but not to a second device", async () => {
      const { body: room } = await ann.post("/rooms", { name: "solo", max_users: 1 })
      const first = await enter(ann, room.id)

      const expected = { status: 409, body: { code: "room_full" } }
      await expectRefusal(addressOf(room.id, eve.id), eve.token, expected)
      const second = await enter(ann, room.id)
      first.close()
      second.close()
    })

    test("speaks WebSocket only", async () => {
      const answer = await ann.get(`/ws/${open.id}/${ann.id}`)

      expectProblem(answer, "invalid_request")
    })
  })

  describe("a connection ends with an error and 4403", () => {
    const endings: readonly [
      string,
      (ann: Person, bob: Person, roomId: string) => Promise<unknown>,
      string,
    ][] = [
      [
        "its user is removed",
        (ann, bob, id) => ann.delete(`/rooms/${id}/members/${bob.id}`),
        "forbidden",
      ],
      ["its user is banned", (ann, bob, id) => ann.put(`/rooms/${id}/bans/${bob.id}`), "forbidden"],
      ["its user leaves for good", (_, bob, id) => bob.post(`/rooms/${id}/leave`), "forbidden"],
      ["the room is deleted", (ann, _, id) => ann.delete(`/rooms/${id}`), "room_not_found"],
    ]
    test.each(endings)("where %s, and hears no more", async (_, end, code) => {
      const [ann, bob] = [await somebody("ann"), await somebody("bob")]
      const { id } = await roomOf(ann, [bob])
      const devices = [await enter(bob, id), await enter(bob, id)]

      await end(ann, bob, id)
      await ann.post(`/rooms/${id}/messages`, { content: "among us" })

      for (const device of devices) {
        expect(await device.next()).toEqual({ type: "error", detail: expect.any(String), code })
        expect(await device.closed).toEqual({ code: 4403, reason: "removed" })
        expect(await device.framesUntilQuiet()).toEqual([])
      }
    })

    test("and those who stay hear that who was removed left", async () => {
      const [ann, bob] = [await somebody("ann"), await somebody("bob")]
      const { id } = await roomOf(ann, [bob])
      const [hers, his] = [await enter(ann, id), await enter(bob, id)]
      await hers.next()

      await ann.delete(`/rooms/${id}/members/${bob.id}`)

      await his.closed
      expect([await hers.next(), ...(await hers.framesUntilQuiet())]).toMatchObject([
        { type: "system", content: `User ${bob.name} left the chat` },
      ])
      hers.close()
    })
  })

  test("whose user is disabled is told so, and closed with 4201", async () => {
    const ann = await somebody("ann")
    const { id } = await roomOf(ann)
    const socket = await enter(ann, id)

    changeRows(house.path, `update users set disabled_at = 1 where username = '${ann.name}'`)

    expect(await socket.next()).toMatchObject({ type: "error", code: "user_not_found" })
    expect(await socket.closed).toMatchObject({ code: 4201 })
  })
})
