import { describe, expect, test } from "bun:test"
import { shakeHands } from "../support/handshake"
import { createHeldReads } from "../support/held-reads"
import { listening } from "../support/listening"
import { moved } from "../support/moved"
import { asPerson, call, PASSWORD, type Person, person, roomOf } from "../support/people"
import { readRows } from "../support/rows"
import { createScratch } from "../support/scratch"
import { startServer } from "../support/server"
import { startServerProcess, UNLIMITED } from "../support/server-process"
import type { TestSocket } from "../support/socket"

describe("a server that is told to stop", () => {
  test("given clients are connected and sending, then each hears draining, is closed with 4001, what was acknowledged is kept, they were last seen then, and it exits with 0", async () => {
    const scratch = createScratch()
    const server = await startServerProcess({ dataDir: scratch.folder })
    const [ann, bob] = [await person(server.url, "ann"), await person(server.url, "bob")]
    const room = await roomOf(ann, [bob])
    const sockets = [await listening(ann, room), await listening(bob, room)]
    const [sender] = sockets
    const receipt = await sender?.ask("message.send", { room_id: room.id, content: "last words" })

    const toldAt = Date.now()
    const exit = server.terminate()

    for (const socket of sockets) {
      const notice = await socket.next("notice")
      expect(notice.data).toEqual({ kind: "draining", reconnect_after_ms: expect.any(Number) })
      expect(notice.data.reconnect_after_ms).toBeGreaterThan(0)
      expect(notice.data.reconnect_after_ms).toBeLessThanOrEqual(5_000)
      expect(await socket.closed).toMatchObject({ code: 4001 })
      expect(socket.frames.at(-1)).toEqual(notice)
    }
    expect(await exit).toBe(0)

    const next = await startServerProcess({ dataDir: scratch.folder })
    const body = { username: "ann", password: PASSWORD }
    const login = await call(next.url, { method: "POST", path: "/auth/login", body })
    const again: Person = asPerson(next.url, login)
    const history = await again.get(`/rooms/${room.id}/messages`)
    expect(history.body).toMatchObject([{ id: receipt?.data.id, content: "last words" }])
    for (const { id } of [ann, bob]) {
      const { last_seen_at } = (await again.get(`/users/${id}`)).body
      expect(Date.parse(last_seen_at)).toBeWithin(toldAt, Date.now())
    }
    expect(await next.terminate()).toBe(0)
    scratch.remove()
  }, 15_000)

  test("given 400 connections, then it says goodbye to all, a few at a time, and opens no new one meanwhile", async () => {
    const reads = createHeldReads()
    const env = { CHAT_MAX_CONNECTIONS_PER_USER: "0" }
    const server = await startServer({ env, beforeReads: reads.beforeReads })
    const ann = await person(server.url, "ann")
    const room = await roomOf(ann)
    const sockets: TestSocket[] = []
    while (sockets.length < 400) sockets.push(await ann.connect())
    const asker = await ann.connect()
    // Who waits for an answer is not closed before: it says goodbye for as long.
    const { answer } = await reads.holdUp(() => asker.ask("history", { room_id: room.id }))

    const stopped = server.stop({ drainMs: 15_000 })
    const late = await shakeHands(`${server.url}/api/v1/ws?token=${ann.token}`)
    reads.letGo()
    expect((await answer).type).toBe("ok")

    expect(late.status).toBe(503)
    expect(Number(late.headers.get("retry-after"))).toBeGreaterThan(0)
    expect(late.body).toContain('"code":"overloaded"')
    const codes = await Promise.all(sockets.map(async (socket) => (await socket.closed).code))
    expect(new Set(codes)).toEqual(new Set([4001]))
    const delays = sockets.map(
      ({ frames }) => frames.find(({ type }) => type === "notice")?.data.reconnect_after_ms,
    )
    expect(new Set(delays).size).toBe(400)
    await stopped
  })

  test("given a client that never closes its side, then it exits with 0 all the same, and its user was last seen then", async () => {
    const scratch = createScratch()
    const server = await startServerProcess({
      dataDir: scratch.folder,
      env: { CHAT_DRAIN_SECONDS: "1" },
    })
    const ann = await person(server.url, "ann")
    const deaf = await shakeHands(`${server.url}/api/v1/ws?token=${ann.token}`)
    const startedAt = performance.now()

    const code = await server.terminate()

    expect(deaf.status).toBe(101)
    expect(code).toBe(0)
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    const [row] = readRows(
      scratch.path("parley.db"),
      "select last_seen_at from users where numeric_id = 1",
    )
    expect(row?.last_seen_at).toBeNumber()
    deaf.cut()
    scratch.remove()
  }, 15_000)

  test("given 200 sends on their way, then each is answered before the close, and all that is acknowledged is kept", async () => {
    const scratch = createScratch()
    const server = await startServerProcess({ dataDir: scratch.folder, env: UNLIMITED })
    const ann = await person(server.url, "ann")
    const room = await roomOf(ann)
    const socket = await ann.connect()
    const acknowledged: string[] = []
    const sends = Array.from({ length: 200 }, async (_, n) => {
      const draft = { room_id: room.id, content: `word ${n}`, client_id: `${n}` }
      const answer = await socket.ask("message.send", draft)
      if (answer.type === "ok") acknowledged.push(answer.data.id)
    })
    await sends[0]

    const exit = server.terminate()
    expect(await socket.closed).toMatchObject({ code: 4001 })
    expect(await exit).toBe(0)

    await Promise.all(sends)
    expect(acknowledged).toHaveLength(200)
    const next = await startServerProcess({ dataDir: scratch.folder, env: UNLIMITED })
    const again = moved(ann, next.url)
    const { body: kept } = await again.get(`/rooms/${room.id}/messages?limit=200`)
    expect(kept.map(({ id }: { id: string }) => id).sort()).toEqual(acknowledged.sort())
    expect(await next.terminate()).toBe(0)
    scratch.remove()
  }, 15_000)

  test("given requests are being answered, then they get their answers, and it exits with 0", async () => {
    const scratch = createScratch()
    const server = await startServerProcess({ dataDir: scratch.folder, env: UNLIMITED })
    const ann = await person(server.url, "ann")
    const deaf = await shakeHands(`${server.url}/api/v1/ws?token=${ann.token}`)
    // Logging in is slow by design: the last of these take long after the first.
    const body = { username: "ann", password: PASSWORD }
    const logins = Array.from({ length: 12 }, () =>
      call(server.url, { method: "POST", path: "/auth/login", body }),
    )
    await Promise.race(logins)

    const exit = server.terminate()

    const statuses = (await Promise.all(logins)).map(({ status }) => status)
    expect(statuses).toEqual(Array.from({ length: 12 }, () => 200))
    expect(await exit).toBe(0)
    deaf.cut()
    scratch.remove()
  }, 15_000)
})
