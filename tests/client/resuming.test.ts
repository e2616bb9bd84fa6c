import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { type Client, createMemoryStorage } from "../../src/client"
import type { ApiMessage } from "../../src/protocol/answers"
import { contentsOf, createClients, untilLive, viewIn } from "../support/client"
import { type Person, person, roomOf } from "../support/people"
import { startProxy } from "../support/proxy"
import { startServer, type TestServer } from "../support/server"
import { waitUntil } from "../support/wait"

let server: TestServer
let people = 0
const clients = createClients()

beforeAll(async () => {
  server = await startServer({
    env: {
      CHAT_MAX_MESSAGES_PER_MIN: "0",
      CHAT_MAX_TYPING_PER_MIN: "0",
      CHAT_HTTP_MAX_PER_MIN: "0",
      CHAT_AUTH_MAX_PER_MIN: "0",
    },
  })
})
afterEach(() => clients.close())
afterAll(() => server.stop())

const newcomer = (): Promise<Person> => person(server.url, `guest${++people}`)
const proxied = () => startProxy(Number(new URL(server.url).port))

/** What the server knows of a room, as somebody sees it. */
async function truthOf(who: Person, roomId: string) {
  const messages: ApiMessage[] = (await who.get(`/rooms/${roomId}/messages?limit=200`)).body
  const { unread, mentions } = (await who.get("/unread")).body.find(
    (it: { room_id: string }) => it.room_id === roomId,
  )
  return { messages: messages.map(withoutReceipt), unread, mentions }
}

/** The sender's own `client_id` is told to others too; nothing else differs. */
const withoutReceipt = ({ duplicate: _, ...message }: ApiMessage) => message

function knownBy(client: Client, roomId: string) {
  const view = viewIn(client, roomId)
  const { messages } = client.room(roomId).timeline.state.value
  return {
    messages: messages.map(withoutReceipt),
    unread: view?.unread,
    mentions: view?.mentions,
  }
}

/** The same numbers in the same order, each time. */
function createDice(seed: number) {
  let state = seed
  return (sides: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * sides)
  }
}

describe("a client that loses its connection", () => {
  // With 19 the first messages of all are written and changed while it is away.
  test.each([1, 2, 19])(
    "given acts of all kinds while it comes and goes, then it knows what the server knows (%i)",
    async (seed) => {
      const roll = createDice(seed)
      const [ann, bob, eve] = [await newcomer(), await newcomer(), await newcomer()]
      const room = await roomOf(ann, [bob])
      const proxy = await proxied()
      const watching = await clients.connect(ann, { url: `http://127.0.0.1:${proxy.port}` })
      const steady = await clients.connect(bob, { url: server.url })
      for (const client of [watching, steady]) await client.room(room.id).timeline.open()
      await steady.room(room.id).loadMembers()
      const written: string[] = []
      const any = () => written[roll(written.length)] ?? ""
      const acts = [
        async () => {
          const content = roll(3) === 0 ? `@${ann.name} ${written.length}` : `${written.length}`
          const { body } = await bob.post(`/rooms/${room.id}/messages`, { content })
          written.push(body.id)
        },
        async () => {
          const { body } = await bob.post(`/rooms/${room.id}/messages`, { content: "more" })
          written.push(body.id)
        },
        async () => void watching.room(room.id).send({ content: "mine" }),
        async () => void (await bob.patch(`/messages/${any()}`, { content: `edited ${roll(99)}` })),
        async () => void (await bob.delete(`/messages/${any()}`)),
        async () => void (await ann.put(`/messages/${any()}/reactions/👍`)),
        async () => void (await ann.delete(`/messages/${any()}/reactions/👍`)),
        async () => void (await ann.put(`/messages/${any()}/pin`)),
        async () => void (await eve.post(`/rooms/${room.id}/join`)),
        async () => void (await eve.post(`/rooms/${room.id}/leave`)),
        async () => {
          proxy.cut()
          const isNoticed = () => watching.connection.value.status !== "live"
          if (roll(3) > 0) await waitUntil("it is noticed", isNoticed)
        },
        async () => {
          proxy.mend()
          await untilLive(watching)
        },
      ]

      let timesLive = 0
      watching.connection.subscribe(() => {
        if (watching.connection.value.status === "live") timesLive++
      })
      for (let count = 0; count < 200; count++) await acts[roll(acts.length)]?.()
      proxy.mend()
      await untilLive(watching)
      const settled = async () => {
        const { messages } = await truthOf(ann, room.id)
        return [watching, steady].every((client) => {
          const { state } = client.room(room.id).timeline
          const last = Math.max(...messages.map((it) => it.changed_seq))
          return (
            state.value.pending.length === 0 &&
            state.value.messages.some(({ changed_seq }) => changed_seq === last)
          )
        })
      }
      await waitUntil("all is known", settled)
      const isCounted = async () => {
        const { unread, mentions } = await truthOf(ann, room.id)
        const view = viewIn(watching, room.id)
        return view?.unread === unread && view?.mentions === mentions
      }
      await waitUntil("all is counted", isCounted)

      // Without these it would show nothing.
      expect(written.length).toBeGreaterThan(20)
      expect(timesLive).toBeGreaterThan(1)
      expect(knownBy(watching, room.id)).toEqual(await truthOf(ann, room.id))
      expect(knownBy(steady, room.id)).toEqual(await truthOf(bob, room.id))
      const { body: members } = await ann.get(`/rooms/${room.id}/members`)
      const { members: known, view } = steady.room(room.id)
      expect([...known.value.keys()].sort()).toEqual(
        members.map(({ user_id }: { user_id: string }) => user_id).sort(),
      )
      expect(view.value?.room.member_count).toBe(members.length)
      await proxy.close()
    },
    30_000,
  )

  test("given a reload, then stored rooms are shown at once, and only what was missed is told", async () => {
    const [ann, bob] = [await newcomer(), await newcomer()]
    const room = await roomOf(ann, [bob])
    for (let count = 0; count < 60; count++) {
      await bob.post(`/rooms/${room.id}/messages`, { content: `${count}` })
    }
    const storage = createMemoryStorage()
    const first = await clients.connect(ann, { url: server.url, storage })
    await first.room(room.id).timeline.open()
    await first.room(room.id).timeline.loadOlder()
    await waitUntil("it is known", () => contentsOf(first.room(room.id).timeline).length === 60)
    await first.close()
    await bob.post(`/rooms/${room.id}/messages`, { content: "missed" })

    const second = await clients.connect(ann, { url: server.url, storage })
    const { timeline } = second.room(room.id)
    await timeline.open()
    await waitUntil("what was missed is told", () => contentsOf(timeline).at(-1) === "missed")

    expect(contentsOf(timeline)).toHaveLength(61)
    expect(timeline.state.value).toMatchObject({ isAtEnd: true, isAtStart: false })
    expect(viewIn(second, room.id)).toMatchObject({ unread: 61 })
  })
})
