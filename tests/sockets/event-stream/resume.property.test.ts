import { afterAll, beforeAll, expect, test } from "bun:test"
import { openStream, type StreamEvent } from "../../support/event-stream"
import { at, type Nodes, openNodes } from "../../support/nodes"
import { type Person, person, roomOf } from "../../support/people"
import type { TestFrame, TestSocket } from "../../support/socket"

const ROOMS = 3
const ROUNDS = 60
const DROPS = 25

/** What a client knows that listens by streams, one after the other, and has lost each. */
interface Heard {
  lastId: string
  /** By room, up to where it was told. */
  readonly until: Map<string, number>
  /** By message, as it was last told. */
  readonly messages: Map<string, TestFrame["data"]>
  told: number
}

let nodes: Nodes
let ann: Person
let bob: Person
let rooms: readonly { readonly id: string; readonly head: number }[]
let witness: TestSocket

beforeAll(async () => {
  nodes = await openNodes()
  const [here] = nodes.nodes
  ann = await person(here.url, "ann")
  bob = await person(here.url, "bob")
  rooms = await Promise.all(Array.from({ length: ROOMS }, () => roomOf(ann, [bob])))
  witness = await at(here, bob).connect()
  await witness.ask("subscribe", { all: true })
})
afterAll(() => nodes.stop())

/** Takes an event as a client does: what it has been told already, by its seq, is dropped. */
function take(heard: Heard, { id, frame }: StreamEvent): void {
  heard.lastId = id ?? heard.lastId
  const { type, room_id: room = "", seq, data } = frame
  if (type === "snapshot") {
    const known = heard.until.get(room) ?? 0
    // Told with a cursor, so never afresh, and nothing that comes before it is told after it.
    expect(data.recovered).toBe(true)
    expect(data.until).toBeGreaterThanOrEqual(known)
    for (const message of data.messages) {
      expect(message.changed_seq).toBeLessThanOrEqual(data.until)
      heard.messages.set(message.id, message)
    }
    heard.until.set(room, data.until)
  }
  if (seq === undefined) return
  // What a node reads because it came late, it tells once, as it is then: of renamings the last.
  expect(seq).toBeGreaterThan(heard.until.get(room) ?? 0)
  heard.until.set(room, seq)
  heard.told++
  if (type.startsWith("message.")) heard.messages.set(data.id, data)
}

async function listen(heard: Heard, url: string, events: number): Promise<void> {
  const headers = { authorization: `Bearer ${bob.token}` }
  const stream = await openStream(url, { headers, lastId: heard.lastId })
  await stream.next("live")
  if (events < Number.POSITIVE_INFINITY) {
    let left = events
    await stream.next(() => left-- <= 0)
  } else await stream.framesUntilQuiet(300)
  stream.close()
  await stream.ended
  for (const event of stream.events) take(heard, event)
}

test("given streams that break while two talk on two nodes, then who resumes on either has heard all that a socket heard, each room in order", async () => {
  const [here, there] = nodes.nodes
  const start = await openStream(here.url, { headers: { authorization: `Bearer ${bob.token}` } })
  await start.next("live")
  start.close()
  const until = new Map(rooms.map(({ id, head }) => [id, head]))
  const heard: Heard = { lastId: start.lastId, until, messages: new Map(), told: 0 }
  const speakers = [
    { who: ann, node: here },
    { who: bob, node: there },
  ].map(({ who, node }) => at(node, who))

  let isOver = false
  const talk = Promise.all(
    speakers.map(async (who, index) => {
      for (let n = 0; n < ROUNDS || !isOver; n++) {
        const room = rooms[(n + index) % ROOMS]
        const path = `/rooms/${room?.id}`
        await who.post(`${path}/messages`, { content: `${who.name} says ${n}` })
        if (n % 7 === 0) await at(here, ann).patch(path, { topic: `number ${n} ${index}` })
      }
    }),
  )
  for (let n = 0; n < DROPS; n++) {
    await listen(heard, (n % 2 === 0 ? there : here).url, (n * 7) % 5)
  }
  isOver = true
  await talk
  await listen(heard, there.url, Number.POSITIVE_INFINITY)
  await witness.framesUntilQuiet(300)

  const said = witness.frames.filter(({ type }) => type === "message.created")
  const seqs = new Map(rooms.map(({ id, head }) => [id, head]))
  for (const { room_id, seq } of witness.frames) if (seq) seqs.set(room_id ?? "", seq)
  expect(heard.until).toEqual(seqs)
  expect([...heard.messages.keys()].sort()).toEqual(said.map(({ data }) => data.id).sort())
  for (const { data } of said) expect(heard.messages.get(data.id)).toEqual(data)
  expect(said.length).toBeGreaterThanOrEqual(2 * ROUNDS)
  expect(heard.told).toBeGreaterThan(DROPS)
  witness.close()
}, 30_000)
