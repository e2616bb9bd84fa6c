import { expect, test } from "bun:test"
import { randomBytes } from "node:crypto"
import { treaty } from "@elysiajs/eden"
import type { ApiMessage } from "../../src/protocol/answers"
import type { OkData, ServerFrame } from "../../src/protocol/socket-frames"
import type { App } from "../../src/server"
import { moved } from "../support/moved"
import { PASSWORD, person } from "../support/people"
import { createScratch } from "../support/scratch"
import { startServer } from "../support/server"
import { waitUntil } from "../support/wait"
import { sayMany } from "./crowd"

const env = { CHAT_MAX_MESSAGES_PER_MIN: "0" }

/** Opens the typed socket of an Eden client, and keeps what it hears. */
async function openEdenSocket(url: string, token: string) {
  const socket = treaty<App>(url, { parseDate: false }).api.v1.ws.subscribe({ query: { token } })
  const frames: ServerFrame[] = []
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()))
  socket.subscribe(({ data }) => frames.push(data))
  await waitUntil("hello came", () => frames[0]?.type === "hello")
  let lastId = 0

  return {
    frames,
    async ask(frameOf: (id: number) => Parameters<typeof socket.send>[0]): Promise<OkData> {
      const id = ++lastId
      socket.send(frameOf(id))
      const find = () => frames.find((it) => it.type === "ok" && it.id === id)
      await waitUntil(`frame ${id} was answered`, () => find() !== undefined)
      const answer = find()
      return answer?.type === "ok" ? answer.data : {}
    },
    async drop() {
      socket.close()
      await closed
    },
  }
}

test("an Eden client lives: registers, logs in, makes a room, talks, drops, misses 500 messages and a restart, and resumes with none lost or doubled", async () => {
  const scratch = createScratch()
  const kept = { path: scratch.path("parley.db"), tokenSecret: randomBytes(32), env }
  let server = await startServer(kept)
  let api = treaty<App>(server.url, { parseDate: false }).api.v1
  const bob = await person(server.url, "bob")

  const registered = await api.auth.register.post({ username: "ann", password: PASSWORD })
  const login = await api.auth.login.post({ username: "ann", password: PASSWORD })
  const token = login.data?.access_token ?? ""
  const asAnn = { headers: { authorization: `Bearer ${token}` } }
  expect(registered.data?.user.username).toBe("ann")
  expect(login.data?.user.id).toBe(registered.data?.user.id ?? "")

  const made = await api.rooms.post({ name: "general", type: "public", max_users: 0 }, asAnn)
  const room = made.data
  if (room === null) throw new Error("the room was not made")
  const asBob = { headers: { authorization: `Bearer ${bob.token}` } }
  const joined = await api.rooms({ id: room.id }).join.post(undefined, asBob)
  expect(joined.data?.member_count).toBe(2)

  const seen: ApiMessage[] = []
  const keep = (message: ApiMessage) => seen.push(message)
  const socket = await openEdenSocket(server.url, token)
  await socket.ask((id) => ({ type: "subscribe", id, data: { rooms: [{ room_id: room.id }] } }))
  await socket.ask((id) => ({
    type: "message.send",
    id,
    data: { room_id: room.id, content: "hello", client_id: "a-1" },
  }))
  await sayMany(bob, room.id, { from: 1, count: 1 })
  await waitUntil("both were heard", () => socket.frames.some((it) => "seq" in it && it.seq === 4))
  for (const frame of socket.frames) if (frame.type === "message.created") keep(frame.data)

  await socket.drop()
  await sayMany(bob, room.id, { from: 2, count: 500 })
  await server.stop()
  server = await startServer(kept)
  api = treaty<App>(server.url, { parseDate: false }).api.v1

  const again = await openEdenSocket(server.url, token)
  let since = seen.at(-1)?.seq ?? 0
  let pages = 0
  for (let more = true; more; pages++) {
    const rooms = [{ room_id: room.id, epoch: room.epoch, since }]
    const answer = await again.ask((id) => ({ type: "subscribe", id, data: { rooms } }))
    const [page] = "rooms" in answer ? answer.rooms : []
    if (page === undefined || "error" in page) throw new Error("the room could not be resumed")
    expect(page.recovered).toBe(true)
    page.messages.forEach(keep)
    since = page.until
    more = page.more
  }
  await sayMany(moved(bob, server.url), room.id, { from: 502, count: 1 })
  await waitUntil("the last was heard", () =>
    again.frames.some((it) => it.type === "message.created" && keepNew(it.data)),
  )

  function keepNew(message: ApiMessage): boolean {
    if (message.seq > (seen.at(-1)?.seq ?? 0)) keep(message)
    return message.content === "number 502"
  }

  expect(pages).toBe(3)
  const numbers = Array.from({ length: 502 }, (_, n) => `number ${n + 1}`)
  expect(seen.map(({ content }) => content)).toEqual(["hello", ...numbers])
  const retried = await again.ask((id) => ({
    type: "message.send",
    id,
    data: { room_id: room.id, content: "hello", client_id: "a-1" },
  }))
  expect(retried).toMatchObject({ id: seen[0]?.id, seq: 3, duplicate: true })
  const history = await api.rooms({ id: room.id }).messages.get({ query: { limit: 1 }, ...asAnn })
  expect(history.data?.[0]?.content).toBe("number 502")
  await again.drop()
  await server.stop()
  scratch.remove()
}, 15_000)

/** Never run: that each of these is an error is what `bun run check:types` proves. */
export function wrongFrames(url: string): void {
  const socket = treaty<App>(url).api.v1.ws.subscribe({ query: { token: "token" } })
  socket.send({ type: "ping", id: 1 })
  // @ts-expect-error there is no such frame
  socket.send({ type: "shout", data: {} })
  // @ts-expect-error a message has content
  socket.send({ type: "message.send", data: { room_id: "room" } })
  // @ts-expect-error a seq is a number
  socket.send({ type: "read", data: { room_id: "room", seq: "3" } })
  socket.subscribe(({ data }) => {
    if (data.type === "message.created") data.data.content.toUpperCase()
    // @ts-expect-error the server has no such frame
    if (data.type === "message.shouted") return
  })
}
