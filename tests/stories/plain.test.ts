import { expect, test } from "bun:test"
import { moved } from "../support/moved"
import { asPerson, call, PASSWORD, person } from "../support/people"
import { openPlainClient, type PlainClient } from "../support/plain-client"
import { createScratch } from "../support/scratch"
import { startServerProcess, UNLIMITED } from "../support/server-process"
import type { TestFrame } from "../support/socket"
import { sayMany } from "./crowd"

/** What a client shows: each message once, by its seq. */
function createView() {
  const contents = new Map<number, string>()
  return {
    add: ({ seq, content }: { readonly seq: number; readonly content: string }) => {
      if (contents.has(seq)) return false
      contents.set(seq, content)
      return true
    },
    get lastSeq() {
      return Math.max(0, ...contents.keys())
    },
    get contents() {
      return [...contents].sort(([a], [b]) => a - b).map(([, content]) => content)
    },
  }
}

const created = (client: PlainClient): TestFrame["data"][] =>
  client.frames.filter(({ type }) => type === "message.created").map(({ data }) => data)

test("a plain ws client lives: registers, logs in, makes a room, talks, is cut off, misses 500 messages and a restart of the process, and resumes with none lost or doubled", async () => {
  const scratch = createScratch()
  const options = { dataDir: scratch.folder, env: UNLIMITED }
  let server = await startServerProcess(options)

  await person(server.url, "ann")
  const body = { username: "ann", password: PASSWORD }
  const login = await call(server.url, { method: "POST", path: "/auth/login", body })
  const ann = asPerson(server.url, login)
  const bob = await person(server.url, "bob")
  const { body: room } = await ann.post("/rooms", { name: "general" })
  await bob.post(`/rooms/${room.id}/join`)

  const view = createView()
  const client = await openPlainClient(server.url, ann)
  const hello = await client.next("hello")
  expect(hello.data.user.username).toBe("ann")
  await client.ask("subscribe", { rooms: [{ room_id: room.id }] })
  const hi = { room_id: room.id, content: "hi", client_id: "a-1" }
  const sent = await client.ask("message.send", hi)
  await sayMany(bob, room.id, { from: 1, count: 1 })
  await client.next("message.created")
  await client.next("message.created")
  expect(created(client).map(view.add)).toEqual([true, true])

  client.drop()
  await client.closed
  await sayMany(bob, room.id, { from: 2, count: 250 })
  expect(await server.terminate()).toBe(0)
  server = await startServerProcess(options)
  const bobAgain = moved(bob, server.url)
  await sayMany(bobAgain, room.id, { from: 252, count: 250 })

  const again = await openPlainClient(server.url, ann)
  // Somebody goes on talking while ann catches up.
  const talking = sayMany(bobAgain, room.id, { from: 502, count: 50 })
  let since = view.lastSeq
  for (let more = true; more; ) {
    const rooms = [{ room_id: room.id, epoch: room.epoch, since }]
    const [page] = (await again.ask("subscribe", { rooms })).data.rooms
    expect(page.recovered).toBe(true)
    page.messages.forEach(view.add)
    since = page.until
    more = page.more
  }
  await talking
  await again.ask("ping")
  created(again).forEach(view.add)

  const numbers = Array.from({ length: 551 }, (_, n) => `number ${n + 1}`)
  expect(view.contents).toEqual(["hi", ...numbers])
  const seqs = created(again).map(({ seq }) => seq as number)
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b))
  const retried = await again.ask("message.send", hi)
  expect(retried.data).toEqual({ ...sent.data, duplicate: true })
  expect(await server.terminate()).toBe(0)
  scratch.remove()
}, 20_000)
