import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { io, type Socket } from "socket.io-client"
import { NODES } from "../../support/houses"
import { PROTOCOLS } from "../../support/protocols"
import type { Guest, Place, Protocol } from "../../support/protocols/speaker"
import { openStage, type Stage } from "../../support/protocols/stage"
import { waitUntil } from "../../support/wait"

const POLLING = PROTOCOLS.filter(({ title }) => title.endsWith("by polling"))

let stage: Stage
let ann: Guest
let bob: Guest
const closing: (() => unknown)[] = []
beforeAll(async () => {
  stage = await openStage()
  ann = await stage.guest("ann")
  bob = await stage.guest("bob")
})
afterEach(() => {
  for (const close of closing.splice(0)) close()
  stage.clear()
})
afterAll(() => stage.stop())

test.each([...POLLING])(
  "ann and bob, each with a node of their own, hear each other: $title",
  async (protocol) => {
    const place = await stage.placeFor(protocol, ann, bob)
    const hers = await stage.arrive(protocol, ann, place, { nodesAway: 0 })
    const his = await stage.arrive(protocol, bob, place, { nodesAway: 0 })
    await hers.rest()

    for (const [from, to, words] of [
      [hers, his, "ann: how are you?"],
      [his, hers, "bob: fine"],
    ] as const) {
      from.say(words.slice(words.indexOf(" ") + 1))
      expect(await to.next()).toBe(words)
      expect(await from.next()).toBe(words)
    }
  },
)

/** A session of nobody in particular. Returns its id. */
async function openHandshake(url: string): Promise<string> {
  const text = await (await fetch(`${url}/socket.io/?EIO=4&transport=polling`)).text()
  return JSON.parse(text.slice(1)).sid
}

const UNKNOWN = { code: 1, message: "Session ID unknown" }

test("a session that this node does not have is refused by Engine.IO's own words, and lives on where it is", async () => {
  const [home] = stage.nodes
  if (home === undefined) throw new Error("there is no node")
  const sid = await openHandshake(home.url)
  const others = stage.nodes.slice(1).map(({ url }) => [url, sid] as const)

  for (const [url, id] of [...others, [home.url, "nobody-has-this"] as const]) {
    const address = `${url}/socket.io/?EIO=4&sid=${id}`
    const upgrade = { upgrade: "websocket", connection: "Upgrade" }
    for (const answer of [
      await fetch(`${address}&transport=polling`),
      await fetch(`${address}&transport=polling`, { method: "POST", body: "40/chat," }),
      await fetch(`${address}&transport=websocket`, { headers: upgrade }),
    ]) {
      expect(answer.status).toBe(400)
      expect(await answer.json()).toEqual(UNKNOWN)
    }
  }

  const address = `${home.url}/socket.io/?EIO=4&sid=${sid}&transport=polling`
  expect((await fetch(address, { method: "POST", body: "40/chat," })).status).toBe(200)
  expect(await (await fetch(address)).text()).toStartWith("44/chat,")
})

/** A balancer that sends every request to one node, until it is told another. */
function openBalancer() {
  const state = { to: 0, refused: 0 }
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 60,
    async fetch(request) {
      const { pathname, search } = new URL(request.url)
      const { url } = stage.nodes[state.to % stage.nodes.length] ?? stage.house
      const answer = await fetch(`${url}${pathname}${search}`, request)
      if (answer.status === 400) state.refused++
      return answer
    },
  })
  const url = `http://127.0.0.1:${server.port}`
  closing.push(() => server.stop(true))
  return { state, url }
}

function joinBy(protocol: Protocol, socket: Socket, place: Place): void {
  const { event, payload } = protocol.words.join(place) as { event: string; payload: object }
  socket.emit(event, payload)
}

// One server has no other to which a request could come.
if (NODES > 1) {
  test.each([...POLLING])(
    "a client whose requests come to the other node from now on starts anew there: $title",
    async (protocol) => {
      const place = await stage.placeFor(protocol, ann, bob)
      const balancer = openBalancer()
      const socket = io(`${balancer.url}/chat`, {
        forceNew: true,
        transports: ["polling"],
        reconnectionDelay: 10,
        extraHeaders: { authorization: `Bearer ${ann.token}` },
        query: protocol.hasRooms ? {} : { userId: String(ann.numericId) },
      })
      closing.push(() => socket.disconnect())
      const heard: string[] = []
      const sessions: (string | undefined)[] = []
      socket.on("connect", () => {
        sessions.push(socket.id)
        joinBy(protocol, socket, place)
      })
      socket.onAny((event: string, payload) => {
        if (/^receive-?message$/i.test(event)) heard.push(payload.content)
      })
      let joins = 0
      socket.onAny((event: string) => {
        if (event === "roomUsers" || event === "joined-conversation") joins++
      })
      await waitUntil("ann is in the room", () => joins === 1)

      balancer.state.to = 1
      // Her next request: a poll that is held already goes on where it is.
      joinBy(protocol, socket, place)
      await waitUntil("she is in the room by the other node", () => joins === 2)
      await bob.post(`/rooms/${place.id}/messages`, { content: "welcome back" })
      await waitUntil("she hears bob", () => heard.length > 0)

      expect(balancer.state.refused).toBeGreaterThan(0)
      expect(heard).toEqual(["welcome back"])
      expect(sessions[0]).not.toBe(sessions[1])
    },
  )
}
