import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { shakeHands } from "../support/handshake"
import { type House, openHouse } from "../support/house"
import { listening } from "../support/listening"
import { call, PASSWORD, type Person, person, roomOf } from "../support/people"
import { expectProblem } from "../support/scenarios"
import { startServer } from "../support/server"

describe("bounds on what there is", () => {
  let house: House
  let ann: Person

  beforeAll(async () => {
    house = await openHouse()
    ann = await person(house.url, "ann")
  })
  afterAll(() => house.stop())

  test("refuses the 11th good invite of a plain member, and not its owner's; a ban ends them", async () => {
    const bob = await person(house.url, "inviting-bob")
    const room = await roomOf(ann, [bob])
    await ann.patch(`/rooms/${room.id}`, { members_can_invite: true })
    const invite = (by: Person) => by.post(`/rooms/${room.id}/invites`)
    for (let index = 1; index <= 10; index++) expect((await invite(bob)).status).toBe(200)

    expectProblem(await invite(bob), "conflict")

    const { code } = (await invite(ann)).body
    await ann.put(`/rooms/${room.id}/bans/${bob.id}`)
    const left = (await ann.get(`/rooms/${room.id}/invites`)).body
    expect(left.map((it: { code: string }) => it.code)).toEqual([code])
  })

  test("a request of 1 MiB and a byte more than a file may have is a bare 413, without any code of ours", async () => {
    const small = await startServer({ env: { CHAT_MAX_UPLOAD_BYTES: "1" } })
    const send = (bytes: number) =>
      fetch(`${small.url}/api/v1/rooms`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${ann.token}` },
        body: "x".repeat(bytes),
      })

    const [ours, bare] = [await send(1_048_577), await send(1_048_578)]
    await small.stop()

    expect([ours.status, await ours.json()]).toMatchObject([413, { code: "payload_too_large" }])
    expect([bare.status, await bare.text()]).toEqual([413, ""])
  })

  test("sends of one user count over two sockets and REST together, and what was sent before does not count again", async () => {
    const server = await startServer({ env: { CHAT_MAX_MESSAGES_PER_MIN: "4" } })
    const [cleo, dan] = [await person(server.url, "cleo"), await person(server.url, "dan")]
    const room = await roomOf(cleo, [dan])
    const sockets = [await cleo.connect(), await cleo.connect()]
    const send = (place: number, client_id: string) =>
      sockets[place]?.ask("message.send", { room_id: room.id, content: "x", client_id })
    const path = `/rooms/${room.id}/messages`
    try {
      expect(await send(0, "1")).toMatchObject({ type: "ok" })
      for (const place of [0, 1, 0, 1]) {
        expect((await send(place, "1"))?.data).toMatchObject({ duplicate: true })
      }
      server.clock.advance(30_000)
      expect(await send(1, "2")).toMatchObject({ type: "ok" })
      expect((await cleo.post(path, { content: "3" })).status).toBe(200)
      expect((await send(0, "4"))?.type).toBe("ok")

      for (const place of [0, 1]) {
        expect((await send(place, "5"))?.data).toMatchObject({ code: "rate_limited" })
      }
      expectProblem(await cleo.post(path, { content: "x" }), "rate_limited")
      expect((await dan.post(path, { content: "x" })).status).toBe(200)
      // 60 s from the first of them, not from the last.
      server.clock.advance(29_000)
      expect((await send(1, "5"))?.data).toMatchObject({ code: "rate_limited" })
      server.clock.advance(1_000)
      for (const id of ["5", "6", "7", "8"]) expect((await send(1, id))?.type).toBe("ok")
      expect((await send(1, "9"))?.data).toMatchObject({ code: "rate_limited" })
    } finally {
      await server.stop()
    }
  })

  test("refuses the 61st typing notice of a minute in production", async () => {
    const server = await startServer({ env: { NODE_ENV: "production" } })
    try {
      const cleo = await person(server.url, "cleo")
      const room = await roomOf(cleo)
      const sockets = [await listening(cleo, room), await listening(cleo, room)]
      const notice = (index: number) =>
        sockets[index % 2]?.ask("typing", { room_id: room.id, is_typing: true })

      for (let index = 0; index < 60; index++) expect((await notice(index))?.type).toBe("ok")

      for (const index of [0, 1]) {
        expect((await notice(index))?.data).toMatchObject({ code: "rate_limited" })
      }
      server.clock.advance(60_000)
      expect((await notice(0))?.type).toBe("ok")
    } finally {
      await server.stop()
    }
  })

  test("refuses the 201st connection of one address with 429 in production, whoever opens it", async () => {
    const server = await startServer({ env: { NODE_ENV: "production" } })
    const names = Array.from({ length: 11 }, (_, index) => `guest${index}`)
    // No more than 10 log-ins a minute.
    const guests: Person[] = []
    for (const [index, name] of names.entries()) {
      if (index === 10) server.clock.advance(60_000)
      guests.push(await person(server.url, name))
    }
    const shakes = guests
      .slice(0, 10)
      .flatMap(({ token }) => Array.from({ length: 20 }, () => `/api/v1/ws?token=${token}`))
    const open = await Promise.all(shakes.map((path) => shakeHands(server.url + path)))

    const refused = await shakeHands(`${server.url}/api/v1/ws?token=${guests[10]?.token}`)
    const stranger = await shakeHands(`${server.url}/api/v1/ws`)

    expect(new Set(open.map(({ status }) => status))).toEqual(new Set([101]))
    for (const it of [refused, stranger]) {
      expect(it.status).toBe(429)
      expect(it.body).toContain('"code":"rate_limited"')
    }
    for (const { cut } of open) cut()
    await server.stop()
  })
})

describe("given every limit is 0", () => {
  test("then there is none: more than each of the defaults is accepted", async () => {
    const off = [
      "CHAT_MAX_MESSAGES_PER_MIN",
      "CHAT_MAX_JOINS_PER_MIN",
      "CHAT_MAX_TYPING_PER_MIN",
      "CHAT_HTTP_MAX_PER_MIN",
      "CHAT_AUTH_MAX_PER_MIN",
      "CHAT_MAX_FRAMES_PER_SEC",
      "CHAT_MAX_CONNECTIONS_PER_USER",
      "CHAT_MAX_CONNECTIONS_PER_ADDRESS",
      "CHAT_MAX_ROOMS_PER_USER",
      "CHAT_MAX_MESSAGE_LENGTH",
      "CHAT_MAX_UPLOAD_BYTES",
      "CHAT_MAX_UPLOADS_PER_MIN",
    ]
    const env = Object.fromEntries(off.map((name) => [name, "0"]))
    const server = await startServer({ env: { ...env, NODE_ENV: "production" } })
    try {
      const ann = await person(server.url, "ann")
      const socket = await ann.connect()
      const body = { username: "ann", password: PASSWORD }
      const rooms: { readonly id: string }[] = []
      for (let index = 0; index < 15; index++) {
        rooms.push((await ann.post("/rooms", { name: "x" })).body)
        const login = await call(server.url, { method: "POST", path: "/auth/login", body })
        expect(login.status).toBe(200)
      }
      const bob = await person(server.url, "bob")
      for (const { id } of rooms) expect((await bob.post(`/rooms/${id}/join`)).status).toBe(200)
      const room_id = rooms[14]?.id
      const asked: [string, object][] = [
        ["message.send", { room_id, content: "x".repeat(5_000) }],
        ["typing", { room_id, is_typing: true }],
      ]
      for (const [type, data] of asked) {
        for (let index = 0; index < 125; index++) {
          expect((await socket.ask(type, data)).type).toBe("ok")
        }
      }
      for (let index = 0; index < 301; index++) {
        expect((await ann.get("/users/me")).status).toBe(200)
      }
      const sockets = await Promise.all(Array.from({ length: 205 }, () => bob.connect()))
      expect(sockets).toHaveLength(205)
      for (let round = 0; round < 8; round++) {
        const pings = Array.from({ length: 250 }, () => socket.ask("ping"))
        expect((await Promise.all(pings)).every(({ type }) => type === "ok")).toBe(true)
      }
      for (const it of sockets) it.close()
    } finally {
      await server.stop()
    }
  }, 20_000)
})
