import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { decodeCursor } from "../../../src/sockets/event-stream/cursor"
import { openStream, parseEvents, streamOf, type TestStream } from "../../support/event-stream"
import { type House, openHouse } from "../../support/house"
import { call, type Person, person, roomOf } from "../../support/people"
import { changeRows } from "../../support/rows"
import { createScratch } from "../../support/scratch"
import type { TestFrame } from "../../support/socket"
import { waitUntil } from "../../support/wait"

const PAGE = "http://app.example"

const typesOf = (frames: readonly TestFrame[]) => frames.map(({ type }) => type)
/** Who is online is another matter, and told sooner or later. */
const framesOf = ({ events }: TestStream) =>
  events.map(({ frame }) => frame).filter(({ type }) => type !== "presence")
const contentsOf = (frames: readonly TestFrame[]) =>
  frames.filter(({ type }) => type === "message.created").map(({ data }) => data.content)

const untilQuiet = async (stream: TestStream) =>
  (await stream.framesUntilQuiet()).filter(({ type }) => type !== "presence")

describe("an event stream", () => {
  let house: House
  let count = 0

  beforeAll(async () => {
    house = await openHouse({
      env: { FRONTEND_URL: PAGE, CHAT_MAX_CONNECTIONS_PER_USER: "3", CHAT_MAX_TYPING_PER_MIN: "0" },
    })
  })
  afterAll(() => house.stop())

  const somebody = (name: string) => person(house.url, `${name}-${++count}`)
  const cast = async () => [await somebody("ann"), await somebody("bob")] as const
  const say = (who: Person, room: { id: string }, content: string) =>
    who.post(`/rooms/${room.id}/messages`, { content })

  test("tells what a socket that follows all rooms is told, in the same frames, and a stranger nothing", async () => {
    const [ann, bob] = await cast()
    const eve = await somebody("eve")
    const room = await roomOf(ann, [bob])
    const socket = await bob.connect()
    await socket.ask("subscribe", { all: true })
    const stream = await streamOf(house.url, bob)
    const stranger = await streamOf(house.url, eve)
    const sender = await ann.connect()
    const before = socket.frames.length
    const streamed = framesOf(stream).length

    await say(ann, room, 'a line\nand "another"\r\n\u2028')
    await sender.ask("typing", { room_id: room.id, is_typing: true })
    await sender.ask("read", { room_id: room.id, seq: 3 })
    await ann.patch(`/rooms/${room.id}`, { topic: "tea" })
    const later = await roomOf(bob, [ann])
    await say(ann, later, "in a room of later")
    await ann.delete(`/rooms/${room.id}/members/${bob.id}`)
    await say(ann, room, "without bob")

    await socket.next(({ type }) => type === "room.removed")
    await socket.framesUntilQuiet()
    await stream.framesUntilQuiet()
    const heard = socket.frames.slice(before).filter(({ type }) => type !== "presence")
    const told = framesOf(stream).slice(streamed)
    expect(told).toEqual(heard)
    expect(contentsOf(told)).toEqual(['a line\nand "another"\r\n\u2028', "in a room of later"])
    expect(typesOf(told)).toContain("typing")
    expect(typesOf(framesOf(stranger))).toEqual(["hello", "live"])
    socket.close()
    stream.close()
    stranger.close()
  })

  test("without a cursor begins now: of each room it tells where it stands, and no messages", async () => {
    const [ann, bob] = await cast()
    const room = await roomOf(ann, [bob])
    await say(ann, room, "before")

    const stream = await streamOf(house.url, bob)
    await say(ann, room, "after")

    expect((await stream.next("message.created")).data.content).toBe("after")
    const [hello, snapshot, live] = framesOf(stream)
    expect(hello?.data.user.id).toBe(bob.id)
    expect(snapshot).toMatchObject({
      type: "snapshot",
      room_id: room.id,
      data: { room_id: room.id, epoch: room.epoch, head: 3, until: 3, recovered: false },
    })
    expect(snapshot?.data).toMatchObject({ messages: [], members: [], more: false })
    expect(live?.type).toBe("live")
    stream.close()
  })

  test("goes on from the last id: what was missed, then what happens, in order and in its last state", async () => {
    const [ann, bob] = await cast()
    const [missed, quiet] = [await roomOf(ann, [bob]), await roomOf(ann, [bob])]
    const first = await streamOf(house.url, bob)
    await say(ann, missed, "heard")
    await first.next("message.created")
    first.close()
    await say(ann, missed, "missed")
    await ann.patch(`/rooms/${missed.id}`, { topic: "tea" })
    const added = await roomOf(ann, [bob])
    await say(ann, added, "in a new room")
    const left = await roomOf(ann)

    const again = await streamOf(house.url, bob, { lastId: first.lastId })
    await say(ann, missed, "live")
    await say(ann, left, "of a room that bob is not in")

    await again.next("message.created")
    const snapshots = framesOf(again).filter(({ type }) => type === "snapshot")
    expect(snapshots.map(({ room_id }) => room_id).sort()).toEqual([missed.id, added.id].sort())
    const [one, other] = [missed, added].map(
      ({ id }) => snapshots.find(({ room_id }) => room_id === id)?.data,
    )
    expect(one).toMatchObject({ recovered: true, until: 5, head: 5, more: false })
    expect(one.messages.map(({ content }: { content: string }) => content)).toEqual(["missed"])
    expect(one.room.topic).toBe("tea")
    expect(other).toMatchObject({ recovered: false })
    expect(other.messages.map(({ content }: { content: string }) => content)).toEqual([
      "in a new room",
    ])
    expect(typesOf(framesOf(again))).not.toContain(quiet.id)
    expect(contentsOf(await untilQuiet(again))).toEqual([])
    expect(contentsOf(framesOf(again))).toEqual(["live"])
    again.close()
  })

  test("takes the cursor from the address too, but the header counts before it", async () => {
    const [ann, bob] = await cast()
    const room = await roomOf(ann, [bob])
    const stream = await streamOf(house.url, bob)
    const cursor = stream.lastId
    await say(ann, room, "one")
    await stream.next("message.created")
    stream.close()

    const byAddress = await streamOf(house.url, bob, { cursor })
    const byBoth = await streamOf(house.url, bob, { cursor, lastId: stream.lastId })

    expect(typesOf(framesOf(byAddress))).toEqual(["hello", "snapshot", "live"])
    expect(typesOf(framesOf(byBoth))).toEqual(["hello", "live"])
    byAddress.close()
    byBoth.close()
  })

  test("says plainly where it cannot go on: a room with another history, a seq beyond the head, a room of others", async () => {
    const [ann, bob] = await cast()
    const [other, beyond, gone, fine] = [
      await roomOf(ann, [bob]),
      await roomOf(ann, [bob]),
      await roomOf(ann, [bob]),
      await roomOf(ann, [bob]),
    ]
    for (const room of [other, beyond, fine]) await say(ann, room, "hello")
    const stream = await streamOf(house.url, bob)
    stream.close()
    changeRows(house.path, `update rooms set epoch = 'another' where id = '${other.id}'`)
    changeRows(house.path, `update rooms set head = 1 where id = '${beyond.id}'`)
    await bob.post(`/rooms/${gone.id}/leave`)

    const again = await streamOf(house.url, bob, { lastId: stream.lastId })

    const byRoom = new Map(
      framesOf(again)
        .filter(({ type }) => type === "snapshot")
        .map(({ room_id, data }) => [room_id, data]),
    )
    expect([...byRoom.keys()].sort()).toEqual([other.id, beyond.id, gone.id].sort())
    expect(byRoom.get(other.id)).toMatchObject({ epoch: "another", recovered: false })
    expect(byRoom.get(other.id).messages).toHaveLength(1)
    expect(byRoom.get(beyond.id)).toMatchObject({ recovered: false, head: 1 })
    expect(byRoom.get(gone.id).error.code).toBe("room_not_found")
    again.close()
  })

  test("told to `curl`, goes on after the server was started again", async () => {
    const scratch = createScratch()
    const path = scratch.path("parley.db")
    const tokenSecret = new Uint8Array(32).fill(9)
    const before = await openHouse({ path, tokenSecret })
    const [ann, bob] = [await person(before.url, "ann"), await person(before.url, "bob")]
    const room = await roomOf(ann, [bob])
    const curl = (url: string, ...more: string[]) =>
      Bun.spawn(
        ["curl", "-sN", "--max-time", "20", ...more]
          .concat(["-H", `authorization: Bearer ${bob.token}`])
          .concat([`${url}/api/v1/events`]),
        { stdout: Bun.file(scratch.path(`heard-${more.length}`)) },
      )
    const heardBy = async (client: number) =>
      parseEvents(await Bun.file(scratch.path(`heard-${client}`)).text())
    const until = (client: number, type: string) =>
      waitUntil(`curl hears ${type}`, async () =>
        (await heardBy(client)).some(({ event }) => event === type),
      )

    const first = curl(before.url)
    await until(0, "live")
    await say(ann, room, "heard")
    await until(0, "message.created")
    await before.stop()
    expect(await first.exited).toBe(0)
    const after = await openHouse({ path, tokenSecret })
    await call(after.url, {
      method: "POST",
      path: `/rooms/${room.id}/messages`,
      headers: { authorization: `Bearer ${ann.token}` },
      body: { content: "missed" },
    })
    const heard = await heardBy(0)
    const lastId = heard.findLast(({ id }) => id !== undefined)?.id ?? ""
    const second = curl(after.url, "-H", `Last-Event-ID: ${lastId}`)
    await until(2, "live")
    second.kill()
    await second.exited

    const goodbye = heard.map(({ frame }) => frame).filter(({ type }) => type !== "presence")
    expect(goodbye.slice(-2)).toEqual([
      { type: "notice", data: { kind: "draining", reconnect_after_ms: expect.any(Number) } },
      { type: "closed", data: { code: 4001, reason: "shutdown" } },
    ] as never)
    const [, snapshot, live, ...rest] = (await heardBy(2))
      .map(({ frame }) => frame)
      .filter(({ type }) => type !== "presence")
    expect(snapshot?.data.messages).toMatchObject([{ content: "missed" }])
    expect(snapshot?.data).toMatchObject({ recovered: true })
    expect([live?.type, rest]).toEqual(["live", []])
    await after.stop()
    scratch.remove()
  }, 30_000)

  test("makes its user online and present, and its user's own typing is not told to it", async () => {
    const [ann, bob] = await cast()
    const room = await roomOf(ann, [bob])
    const witness = await ann.connect()
    await witness.ask("subscribe", { rooms: [{ room_id: room.id }] })
    const countPresent = async () => (await ann.get(`/rooms/${room.id}`)).body.user_count

    const stream = await streamOf(house.url, bob)
    const present = await countPresent()
    const typist = await bob.connect()
    await typist.ask("typing", { room_id: room.id, is_typing: true })

    expect((await witness.next("presence")).data).toMatchObject({ status: "online" })
    expect((await witness.next("typing")).data).toMatchObject({ user_id: bob.id })
    expect(present).toBe(2)
    expect(typesOf(await untilQuiet(stream))).not.toContain("typing")
    expect(typesOf(framesOf(stream))).not.toContain("typing")
    typist.close()
    stream.close()
    await waitUntil("bob is gone from the room", async () => (await countPresent()) === 1)
    witness.close()
  })

  test("is counted with the sockets of its user: one too many is refused with 429", async () => {
    const [, bob] = await cast()
    const headers = { authorization: `Bearer ${bob.token}` }
    const socket = await bob.connect()
    const streams = [await streamOf(house.url, bob), await streamOf(house.url, bob)]

    const refused = await call(house.url, { method: "GET", path: "/events", headers })

    expect(refused.status).toBe(429)
    expect(refused.headers.get("retry-after")).toBe("10")
    expect(refused.body.code).toBe("rate_limited")
    streams[0]?.close()
    await waitUntil("a place is free", async () => {
      const stream = await openStream(house.url, { headers }).catch(() => null)
      stream?.close()
      return stream !== null
    })
    streams[1]?.close()
    socket.close()
  })

  test("is refused as REST refuses: strangers, what is no cursor, other methods; HEAD opens none", async () => {
    const [, bob] = await cast()
    const headers = { authorization: `Bearer ${bob.token}` }
    const ask = (method: string, path: string, more = headers) =>
      call(house.url, { method, path, headers: more })

    const [stranger, wrong, damaged, header, posted] = [
      await call(house.url, { method: "GET", path: "/events" }),
      await call(house.url, { method: "GET", path: `/events?token=${bob.token}` }),
      await ask("GET", "/events?cursor=AQECoemPOrpa"),
      await ask("GET", "/events", { ...headers, "last-event-id": "7" } as typeof headers),
      await ask("POST", "/events"),
    ]

    for (const answer of [stranger, wrong]) expect(answer.body.code).toBe("unauthorized")
    for (const answer of [damaged, header]) {
      expect(answer.body).toMatchObject({ code: "invalid_request", errors: [{ path: "cursor" }] })
      expect(answer.headers.get("content-type")).toBe("application/problem+json")
    }
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET"])
    for (let n = 0; n < 4; n++) expect((await ask("HEAD", "/events")).status).toBe(200)
  })

  test("is for pages that may use the cookie, and tells proxies to pass it on", async () => {
    const [, bob] = await cast()
    const cookie = `access_token=${bob.token}`

    const stream = await openStream(house.url, { headers: { cookie, origin: PAGE } })
    const foreign = await call(house.url, {
      method: "GET",
      path: "/events",
      headers: { cookie, origin: "http://evil.example" },
    })

    await stream.next("live")
    expect(Object.fromEntries(stream.headers)).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      "x-content-type-options": "nosniff",
      "access-control-allow-origin": PAGE,
      "access-control-allow-credentials": "true",
    })
    expect(foreign.status).toBe(403)
    stream.close()
  })

  test("of 17 rooms an id comes once a second and with heartbeats, and what comes between is told again", async () => {
    const [ann, bob] = await cast()
    const rooms = []
    for (let n = 0; n < 17; n++) rooms.push(await roomOf(ann, [bob]))
    const room = rooms[0] ?? { id: "" }
    const stream = await streamOf(house.url, bob)

    for (const content of ["one", "two"]) await say(ann, room, content)
    await stream.next(({ data }) => data.content === "two")
    house.clock.advance(1_000)
    await say(ann, room, "three")
    await stream.next(({ data }) => data.content === "three")

    const messages = stream.events.filter(({ event }) => event === "message.created")
    const ids = messages.map(({ id }) => id !== undefined)
    expect(ids).toEqual([false, false, true])
    expect(decodeCursor(stream.lastId)?.places.size).toBe(17)
    stream.close()
    const snapshotId = stream.events.findLast(({ event }) => event === "live")?.id ?? ""
    const again = await streamOf(house.url, bob, { lastId: snapshotId })
    const [, snapshot] = framesOf(again)
    expect(snapshot?.data.messages).toHaveLength(3)
    again.close()
  })
})
