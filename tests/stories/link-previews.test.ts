import { afterEach, expect, test } from "bun:test"
import { createLog } from "../../src/ops/log"
import { type Person, person } from "../support/people"
import { startServer, type TestServerOptions } from "../support/server"
import { htmlPage, OWN_MACHINE, openSite } from "../support/site"

const toStop: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of toStop.splice(0).reverse()) await stop()
})

const PAGE = `<title>For tabs</title>
  <meta property="og:title" content="Tea &amp; cake">
  <meta property="og:description" content="All about it">
  <meta property="og:site_name" content="The tea house">`

function openTeaHouse() {
  const site = openSite(() => htmlPage(PAGE))
  toStop.push(site.stop)
  return site
}

/** Ann and bob are in a private room and listen to it; eve listens to all that she may. */
async function gather(options: TestServerOptions) {
  const server = await startServer(options)
  toStop.push(server.stop)
  const [ann, bob, eve] = await Promise.all(
    ["ann", "bob", "eve"].map((name) => person(server.url, name)),
  )
  if (ann === undefined || bob === undefined || eve === undefined) throw new Error("they are 3")
  const { body: room } = await ann.post("/rooms", { name: "tea", type: "private" })
  await ann.put(`/rooms/${room.id}/members/${bob.id}`, {})
  const listen = async (somebody: Person) => {
    const socket = await somebody.connect()
    await socket.ask("subscribe", { all: true })
    return socket
  }
  const [annSocket, bobSocket, eveSocket] = await Promise.all([ann, bob, eve].map(listen))
  if (!annSocket || !bobSocket || !eveSocket) throw new Error("they are 3")
  return { server, room, ann, bob, eve, annSocket, bobSocket, eveSocket }
}

test("ann shares a page: bob hears the message at once and then what the page is, sees it in the history and when he comes back, and eve hears nothing of it", async () => {
  const site = openTeaHouse()
  const lines: string[] = []
  const log = createLog("debug", { write: (line: string) => void lines.push(line) })
  const { server, room, ann, bob, annSocket, bobSocket, eveSocket } = await gather({
    env: { CHAT_LINK_PREVIEWS: "on" },
    previewing: { reach: OWN_MACHINE },
    log,
  })
  const link = `${site.url}/cake`

  const sent = await annSocket.ask("message.send", { room_id: room.id, content: `look: ${link}` })
  const created = await bobSocket.next("message.created")
  const updated = await bobSocket.next("message.updated")

  const link_previews = [
    { url: link, title: "Tea & cake", description: "All about it", site_name: "The tea house" },
  ]
  expect(sent.data).not.toHaveProperty("link_previews")
  expect(created.data).not.toHaveProperty("link_previews")
  expect(updated).toMatchObject({ room_id: room.id, seq: sent.data.seq + 1 })
  expect(updated.data).toMatchObject({ id: sent.data.id, edited_at: null, link_previews })
  expect((await annSocket.next("message.updated")).data).toEqual(updated.data)
  expect((await bob.get(`/messages/${sent.data.id}`)).body).toEqual(updated.data)
  const changes = await bob.get(
    `/rooms/${room.id}/changes?epoch=${room.epoch}&since=${sent.data.seq}`,
  )
  expect(changes.body.messages).toEqual([updated.data])

  // A second one, elsewhere, is not asked for again.
  const again = await ann.post(`/rooms/${room.id}/messages`, { content: link })
  expect((await bobSocket.next("message.updated")).data).toMatchObject({
    id: again.body.id,
    link_previews,
  })
  expect(site.asked).toHaveLength(1)
  expect(await eveSocket.framesUntilQuiet()).toEqual([])
  const { text } = await fetch(`${server.url}/metrics`).then(async (it) => ({
    text: await it.text(),
  }))
  expect(text).toContain('parley_previews_total{outcome="described"} 1')
  expect(lines.join("")).not.toContain("site.example")
})

test.each([
  ["previews are off", { CHAT_LINK_PREVIEWS: "off" }, {}, (url: string) => url],
  ["the sender says so", {}, { link_previews: false }, (url: string) => url],
  ["the address is in angle brackets", {}, {}, (url: string) => `<${url}>`],
])("nothing is fetched where %s", async (_, env, more, words) => {
  const site = openTeaHouse()
  const { room, ann, annSocket, bobSocket } = await gather({
    env: { CHAT_LINK_PREVIEWS: "on", ...env },
    previewing: { reach: OWN_MACHINE },
  })

  const body = { content: words(`${site.url}/cake`), ...more }
  expect(await ann.post(`/rooms/${room.id}/messages`, body)).toMatchObject({ status: 200 })
  await annSocket.ask("message.send", { room_id: room.id, ...body })

  await bobSocket.next("message.created")
  await bobSocket.next("message.created")
  expect(await bobSocket.framesUntilQuiet()).toEqual([])
  expect(site.asked).toEqual([])
})

test("a server asks nobody on its own machine, by default", async () => {
  const site = openTeaHouse()
  const { server, room, ann, bobSocket } = await gather({ env: { CHAT_LINK_PREVIEWS: "on" } })

  const links = [`http://127.0.0.1:${site.port}/`, "http://127.0.0.1/", "http://localhost/"]
  await ann.post(`/rooms/${room.id}/messages`, { content: links.join(" ") })

  await bobSocket.next("message.created")
  expect(await bobSocket.framesUntilQuiet()).toEqual([])
  expect(site.asked).toEqual([])
  const text = await (await fetch(`${server.url}/metrics`)).text()
  expect(text).toContain('parley_previews_total{outcome="refused"} 3')
})
