import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { type Client, createClient, createMemoryStorage } from "../../src/client"
import type { Storage } from "../../src/client/storage/storage"
import { createClients, untilLive } from "../support/client"
import { PASSWORD, type Person, person, roomOf } from "../support/people"
import { startProxy, type TestProxy } from "../support/proxy"
import { startServer, type TestServer } from "../support/server"
import { waitUntil } from "../support/wait"

let server: TestServer
let proxy: TestProxy | null = null
const clients = createClients()

// Clients take their time between two tries, as they do for people.
setDefaultTimeout(20_000)

const opened: Client[] = []

beforeAll(async () => {
  server = await startServer()
})
afterEach(async () => {
  await clients.close()
  await Promise.all(opened.splice(0).map((it) => it.close()))
  await proxy?.close()
})
afterAll(() => server.stop())

/**
 * Ann's page has lost the network. In another page of the same browser she signs out, which the
 * server is told, and Bob signs in; her page does not know, and she goes on writing in it.
 */
async function twoPages(storage: Storage, [ann, bob]: readonly [Person, Person]) {
  const network = await startProxy(Number(new URL(server.url).port))
  proxy = network
  const url = `http://127.0.0.1:${network.port}`
  const hers = await clients.connect(ann, { url, storage })
  network.cut()
  await waitUntil("it is cut off", () => hers.connection.value.status === "waiting")
  const other = createClient({ url: server.url, storage })
  opened.push(other)
  await other.restore()
  await other.logout()
  await other.login({ username: bob.name, password: PASSWORD })
  return { hers, other }
}

describe("two pages of a browser, in one of which another account has signed in", () => {
  test("what was written in the page of the first account is never sent by the second one", async () => {
    const [ann, bob] = [await person(server.url, "ann1"), await person(server.url, "bob1")]
    const room = await roomOf(ann, [bob])
    const storage = createMemoryStorage()
    const { hers } = await twoPages(storage, [ann, bob])

    hers.room(room.id).send({ content: "for the eyes of ann" })
    await hers.close()
    const his = createClient({ url: server.url, storage })
    opened.push(his)
    expect((await his.restore())?.username).toBe(bob.name)
    await untilLive(his)
    const handle = his.room(room.id)
    await handle.timeline.open()
    handle.send({ content: "from bob" })
    const said = async (): Promise<readonly string[]> =>
      (await bob.get(`/rooms/${room.id}/messages`)).body.map(
        (it: { content: string }) => it.content,
      )
    await waitUntil("his message is there", async () => (await said()).includes("from bob"))

    expect(await said()).toEqual(["from bob"])
    expect(await storage.readSends()).toEqual([])
  })

  test("the rooms that the page of the first account still kept are not shown to the second one", async () => {
    const [ann, bob] = [await person(server.url, "ann2"), await person(server.url, "bob2")]
    const secret = await roomOf(ann)
    const storage = createMemoryStorage()
    const { hers } = await twoPages(storage, [ann, bob])

    await waitUntil("she sees her room", () => hers.rooms.value.length === 1)
    await hers.close()
    expect((await storage.readRooms()).map((it) => it.view.room.id)).toEqual([secret.id])
    // He does not have the network either: what is shown is what was kept.
    const his = createClient({ url: `http://127.0.0.1:${proxy?.port}`, storage })
    opened.push(his)
    const seen: string[] = []
    his.rooms.subscribe(() => {
      seen.push(...his.rooms.value.map((view) => view.room.id))
    })
    await his.restore()
    his.connect()

    await waitUntil("hers is forgotten", async () => (await storage.readRooms()).length === 0)
    expect(seen).toEqual([])
    expect(his.rooms.value).toEqual([])
  })
})
