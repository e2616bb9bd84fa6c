import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import type { Storage } from "../../src/client/storage"
import { contentsOf, createClients, viewIn } from "../support/client"
import { type Person, person, roomOf } from "../support/people"
import { startServer, type TestServer } from "../support/server"
import { waitUntil } from "../support/wait"

let server: TestServer
let people = 0
const clients = createClients()

beforeAll(async () => {
  server = await startServer({
    env: { CHAT_MAX_MESSAGES_PER_MIN: "0", CHAT_HTTP_MAX_PER_MIN: "0", CHAT_AUTH_MAX_PER_MIN: "0" },
  })
})
afterEach(() => clients.close())
afterAll(() => server.stop())

const newcomer = (): Promise<Person> => person(server.url, `person${++people}`)
const clientOf = (who: Person, storage?: Storage) =>
  clients.connect(who, { url: server.url, ...(storage === undefined ? {} : { storage }) })

describe("rooms of a client", () => {
  test("given rooms and conversations, then all are listed, those last written to first", async () => {
    const [ann, bob] = [await newcomer(), await newcomer()]
    const quiet = await roomOf(ann)
    const busy = await roomOf(ann, [bob])
    const { body: direct } = await bob.post("/conversations", { user_ids: [ann.id] })
    await bob.post(`/rooms/${direct.id}/messages`, { content: "psst" })
    await bob.post(`/rooms/${busy.id}/messages`, { content: "hello" })
    await bob.post(`/rooms/${busy.id}/messages`, { content: `@${ann.name} hello` })

    const client = await clientOf(ann)
    await waitUntil("the last messages are known", () =>
      [busy, direct].every(({ id }) => viewIn(client, id)?.lastMessage !== null),
    )

    expect(client.isReady.value).toBe(true)
    expect(client.rooms.value.map(({ room }) => room.id)).toEqual([busy.id, direct.id, quiet.id])
    expect(viewIn(client, busy.id)).toMatchObject({ unread: 2, mentions: 1, people: [] })
    expect(viewIn(client, direct.id)?.people).toMatchObject([{ id: bob.id }])
    expect(viewIn(client, quiet.id)).toMatchObject({ unread: 0, lastMessage: null })
  })

  test("given an open room, when somebody writes, edits and deletes, then it shows it", async () => {
    const [ann, bob] = [await newcomer(), await newcomer()]
    const room = await roomOf(ann, [bob])
    const client = await clientOf(ann)
    const { timeline } = client.room(room.id)
    await timeline.open()

    const { body: first } = await bob.post(`/rooms/${room.id}/messages`, { content: "one" })
    const { body: second } = await bob.post(`/rooms/${room.id}/messages`, { content: "two" })
    await bob.patch(`/messages/${first.id}`, { content: "uno" })
    await bob.delete(`/messages/${second.id}`)
    await waitUntil("both have changed", () => contentsOf(timeline).join() === "uno,")

    expect(timeline.state.value).toMatchObject({ isAtStart: true, isAtEnd: true, loading: null })
    expect(viewIn(client, room.id)).toMatchObject({ unread: 1, lastMessage: { id: second.id } })
  })

  test("what is sent is shown at once, and once when the server has it", async () => {
    const ann = await newcomer()
    const room = await roomOf(ann)
    const client = await clientOf(ann)
    const handle = client.room(room.id)
    await handle.timeline.open()
    const seen: string[] = []
    handle.timeline.state.subscribe(() => {
      const { messages, pending } = handle.timeline.state.value
      seen.push(`${messages.length} and ${pending.length}`)
    })

    handle.send({ content: "one" })
    handle.send({ content: "two" })
    handle.send({ content: "three" })
    await waitUntil("all are stored", () => contentsOf(handle.timeline).length === 3)

    expect(contentsOf(handle.timeline)).toEqual(["one", "two", "three"])
    expect(handle.timeline.state.value.pending).toEqual([])
    expect(seen[0]).toBe("0 and 3")
    // At no time is one shown twice, or not at all.
    for (const it of seen) expect(it.split(" and ").reduce((sum, n) => sum + Number(n), 0)).toBe(3)
    expect(viewIn(client, room.id)?.unread).toBe(0)
  })
})
