import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { createClient, createMemoryStorage, type Timeline } from "../../src/client"
import { contentsOf, createClients, untilLive, viewIn } from "../support/client"
import { holdTimers } from "../support/held-timers"
import { type Person, person, roomOf } from "../support/people"
import { startProxy, type TestProxy } from "../support/proxy"
import { breakTable } from "../support/rows"
import { createScratch } from "../support/scratch"
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

const newcomer = (): Promise<Person> => person(server.url, `writer${++people}`)
const urlOf = ({ port }: TestProxy) => `http://127.0.0.1:${port}`
const historyOf = async (who: Person, roomId: string): Promise<readonly string[]> =>
  (await who.get(`/rooms/${roomId}/messages?limit=200`)).body.map(
    ({ content }: { content: string }) => content,
  )

/** How many wait, at each change. */
function pendingOver({ state }: Timeline): readonly number[] {
  const counts: number[] = []
  state.subscribe(() => {
    counts.push(state.value.pending.length)
  })
  return counts
}

describe("the outbox", () => {
  test("given no connection, then what is written waits and is sent in its order later", async () => {
    const ann = await newcomer()
    const room = await roomOf(ann)
    const proxy = await startProxy(Number(new URL(server.url).port))
    const client = await clients.connect(ann, { url: urlOf(proxy) })
    const handle = client.room(room.id)
    await handle.timeline.open()

    proxy.cut()
    await waitUntil("it is cut off", () => client.connection.value.status === "waiting")
    for (const content of ["one", "two", "three"]) handle.send({ content })
    await waitUntil("it is shown", () => handle.timeline.state.value.pending.length === 3)
    expect(await historyOf(ann, room.id)).toEqual([])
    proxy.mend()
    await untilLive(client)
    await waitUntil("all are stored", () => handle.timeline.state.value.pending.length === 0)

    expect(await historyOf(ann, room.id)).toEqual(["one", "two", "three"])
    expect(contentsOf(handle.timeline)).toEqual(["one", "two", "three"])
    await proxy.close()
  })

  test("given a page that ended before it knew that it was stored, then it is stored once", async () => {
    const ann = await newcomer()
    const room = await roomOf(ann)
    const storage = createMemoryStorage()
    const dying = { ...storage, removeSend: async () => undefined }
    const first = await clients.connect(ann, { url: server.url, storage: dying })
    first.room(room.id).send({ content: "once" })
    await waitUntil("it is stored", async () => (await historyOf(ann, room.id)).length === 1)
    await first.close()
    expect(await storage.readSends()).toHaveLength(1)

    const second = await clients.connect(ann, { url: server.url, storage })
    const { timeline } = second.room(room.id)
    await timeline.open()
    second.room(room.id).send({ content: "and more" })
    await waitUntil("more is stored", () => contentsOf(timeline).length === 2)

    expect(contentsOf(timeline)).toEqual(["once", "and more"])
    expect(await historyOf(ann, room.id)).toEqual(["once", "and more"])
    expect(timeline.state.value.pending).toEqual([])
    expect(await storage.readSends()).toEqual([])
  })

  test("given a reload before it was sent, then the next page sends it, once", async () => {
    const ann = await newcomer()
    const room = await roomOf(ann)
    const storage = createMemoryStorage()
    const proxy = await startProxy(Number(new URL(server.url).port))
    const first = await clients.connect(ann, { url: urlOf(proxy), storage })
    proxy.hold()
    first.room(room.id).send({ content: "one" })
    first.room(room.id).send({ content: "two" })
    await waitUntil("it is kept", async () => (await storage.readSends()).length === 2)
    await first.close()
    proxy.cut()
    proxy.mend()

    const second = await clients.connect(ann, { url: server.url, storage })
    const { timeline } = second.room(room.id)
    await timeline.open()
    await waitUntil("all are stored", () => contentsOf(timeline).length === 2)

    expect(await historyOf(ann, room.id)).toEqual(["one", "two"])
    expect(timeline.state.value.pending).toEqual([])
    expect(await storage.readSends()).toEqual([])
    await proxy.close()
  })

  test("given many written at once and a reload, then they are sent in the order they were written", async () => {
    const ann = await newcomer()
    const room = await roomOf(ann)
    const storage = createMemoryStorage()
    const proxy = await startProxy(Number(new URL(server.url).port))
    const client = await clients.connect(ann, { url: urlOf(proxy), storage })
    proxy.cut()
    await waitUntil("it is cut off", () => client.connection.value.status === "waiting")
    const contents = Array.from({ length: 30 }, (_, at) => `${at}`)
    for (const content of contents) client.room(room.id).send({ content })
    await client.close()
    // A database gives back what it has by its keys, which are chance.
    const shuffled = {
      ...storage,
      readSends: async () =>
        [...(await storage.readSends())].sort((a, b) => (a.clientId < b.clientId ? -1 : 1)),
    }
    proxy.mend()
    await clients.connect(ann, { url: server.url, storage: shuffled })

    await waitUntil("all are there", async () => (await historyOf(ann, room.id)).length === 30)
    expect(await historyOf(ann, room.id)).toEqual(contents)
    await proxy.close()
  })

  test("given another page has it in hands, then this one shows it and does not send it", async () => {
    const ann = await newcomer()
    const room = await roomOf(ann)
    const storage = createMemoryStorage()
    const proxy = await startProxy(Number(new URL(server.url).port))
    const first = await clients.connect(ann, { url: urlOf(proxy), storage })
    proxy.cut()
    await waitUntil("it is cut off", () => first.connection.value.status === "waiting")
    first.room(room.id).send({ content: "mine" })
    await waitUntil("it is kept", async () => (await storage.readSends()).length === 1)

    const second = await clients.connect(ann, { url: server.url, storage })
    const { timeline } = second.room(room.id)
    await timeline.open()
    second.room(room.id).send({ content: "meanwhile" })
    await waitUntil("the other one is stored", () => contentsOf(timeline).length === 1)
    expect(timeline.state.value.pending.map(({ draft }) => draft.content)).toEqual(["mine"])
    expect(await historyOf(ann, room.id)).toEqual(["meanwhile"])
    proxy.mend()
    first.connect()
    await waitUntil("both are stored", () => contentsOf(timeline).length === 2)

    expect(timeline.state.value.pending).toEqual([])
    expect(await historyOf(ann, room.id)).toEqual(["meanwhile", "mine"])
    await proxy.close()
  })

  test("given the server refuses it for good, then it stays with its error, also over a reload", async () => {
    const [ann, bob] = [await newcomer(), await newcomer()]
    const room = await roomOf(ann, [bob])
    const storage = createMemoryStorage()
    const client = await clients.connect(bob, { url: server.url, storage })
    await ann.put(`/rooms/${room.id}/mutes/${bob.id}`, {})
    const { timeline } = client.room(room.id)
    await timeline.open()
    const failure = () => timeline.state.value.pending[0]?.failure

    const clientId = client.room(room.id).send({ content: "let me" })
    await waitUntil("it is refused", () => failure() != null)
    expect(failure()).toMatchObject({ code: "muted", isRetryable: false })
    await client.close()
    const again = await clients.connect(bob, { url: server.url, storage })
    const handle = again.room(room.id)
    await handle.timeline.open()
    expect(handle.timeline.state.value.pending).toMatchObject([{ clientId, failure: {} }])
    await ann.delete(`/rooms/${room.id}/mutes/${bob.id}`)
    handle.retry(clientId)
    await waitUntil("it is stored", () => contentsOf(handle.timeline).length === 1)

    expect(handle.timeline.state.value.pending).toEqual([])
    expect(await storage.readSends()).toEqual([])
  })

  test("what is discarded is sent by nobody", async () => {
    const ann = await newcomer()
    const room = await roomOf(ann)
    const storage = createMemoryStorage()
    const client = createClient({ url: server.url, storage })
    await client.login({ username: ann.name, password: "correct horse" })
    const handle = client.room(room.id)
    const clientId = handle.send({ content: "no" })
    handle.send({ content: "yes" })

    handle.discard(clientId)
    client.connect()
    await waitUntil("the other is stored", () => viewIn(client, room.id)?.lastMessage != null)

    expect(await historyOf(ann, room.id)).toEqual(["yes"])
    expect(await storage.readSends()).toEqual([])
    await client.close()
  })

  test("given too many messages a minute, then the rest waits for as long as it is told, and says why", async () => {
    const strict = await startServer({ env: { CHAT_MAX_MESSAGES_PER_MIN: "2" } })
    const ann = await person(strict.url, "ann")
    const room = await roomOf(ann)
    const client = await clients.connect(ann, { url: strict.url })
    const handle = client.room(room.id)
    await handle.timeline.open()

    for (const content of ["one", "two", "three", "four"]) handle.send({ content })
    await waitUntil("two are stored", () => contentsOf(handle.timeline).length === 2)
    const reasons = () => handle.timeline.state.value.pending.map(({ delay }) => delay?.code)
    await waitUntil("the rest waits", () => reasons().every((code) => code !== undefined))
    const { pending } = handle.timeline.state.value

    expect(contentsOf(handle.timeline)).toEqual(["one", "two"])
    expect(pending.map(({ draft, failure }) => [draft.content, failure])).toEqual([
      ["three", null],
      ["four", null],
    ])
    expect(reasons()).toEqual(["rate_limited", "rate_limited"])
    await client.close()
    await strict.stop()
  })

  test("given the server breaks 6 times over one message, then it is the writer's to retry, and the next has its turn", async () => {
    const scratch = createScratch()
    const path = scratch.path("parley.db")
    const broken = await startServer({ path })
    const ann = await person(broken.url, "ann")
    const room = await roomOf(ann)
    const client = await clients.connect(ann, { url: broken.url })
    const handle = client.room(room.id)
    await handle.timeline.open()
    const pendingIn = () => handle.timeline.state.value.pending
    const waiting = () =>
      pendingIn()
        .filter(({ failure }) => failure === null)
        .map(({ draft }) => draft.content)
    const failed = () =>
      pendingIn().flatMap(({ clientId, failure }) =>
        failure === null ? [] : [{ clientId, code: failure.code }],
      )

    const mend = breakTable(path, "messages", "insert")
    let pause = holdTimers(1_000)
    const clientId = handle.send({ content: "one" })
    handle.send({ content: "two" })
    const reasons = () => pendingIn().map(({ delay }) => delay?.code)
    await waitUntil("both say why", () => reasons().join() === "internal,internal")
    for (const next of [2_000, 4_000, 8_000, 16_000, 30_000]) {
      await waitUntil("it is tried later", () => pause.runOut() > 0)
      expect(waiting()).toEqual(["one", "two"])
      pause.release()
      pause = holdTimers(next)
    }
    await waitUntil("the next is tried", () => failed().length === 1)
    mend()
    await waitUntil("the next is stored", () => {
      pause.runOut()
      return waiting().length === 0
    })
    pause.release()

    expect(failed()).toEqual([{ clientId, code: "internal" }])
    expect(contentsOf(handle.timeline)).toEqual(["two"])
    handle.retry(clientId)
    expect(reasons()).toEqual([undefined])
    await waitUntil("it is stored", () => contentsOf(handle.timeline).length === 2)
    expect(handle.timeline.state.value.pending).toEqual([])
    await client.close()
    await broken.stop()
    scratch.remove()
  })

  test("answers of a thread wait in it, and not in the room", async () => {
    const ann = await newcomer()
    const room = await roomOf(ann)
    const { body: root } = await ann.post(`/rooms/${room.id}/messages`, { content: "root" })
    const client = await clients.connect(ann, { url: server.url })
    const handle = client.room(room.id)
    const thread = handle.thread(root.id)
    await handle.timeline.open()
    await thread.open()
    const [inRoom, inThread] = [pendingOver(handle.timeline), pendingOver(thread)]

    handle.send({ content: "answer", threadId: root.id })
    await waitUntil("it is counted", () => thread.state.value.messages[0]?.thread_count === 1)

    expect(contentsOf(thread)).toEqual(["root", "answer"])
    expect(Math.max(...inRoom)).toBe(0)
    expect(Math.max(...inThread)).toBe(1)
  })
})
