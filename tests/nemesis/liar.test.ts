import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { type Person, person, roomOf } from "../support/people"
import { waitUntil } from "../support/wait"
import { findLosses } from "./check"
import { NemesisClient } from "./client"
import { type Lie, startLiar } from "./liar"
import { readTruth } from "./truth"

const MESSAGES_MIN = 40

let house: House
let ann: Person
let bob: Person

beforeAll(async () => {
  house = await openHouse()
  ann = await person(house.url, "ann")
  bob = await person(house.url, "bob")
})

afterAll(() => house.stop())

/** Ann sends, bob hears by way of a liar, and the check looks at what both remember. */
async function lossesWith(lies: { readonly down?: Lie; readonly up?: Lie }): Promise<string[]> {
  const room = await roomOf(ann, [bob])
  const liar = startLiar(house.url, lies)
  const clients = [ann, bob].map(
    (it) =>
      new NemesisClient({
        person: it,
        rooms: [room],
        address: () => liar.url,
        outstanding: 2,
        reconnectMs: 20,
        patience: {
          forgives: [],
          answerWithinMs: 5_000,
          connectWithinMs: 5_000,
          paceMs: 2,
        },
      }),
  )
  try {
    const isEnough = () => clients.every((it) => it.counts.acknowledged >= MESSAGES_MIN)
    await waitUntil("enough is sent", isEnough)
    for (const client of clients) client.stopSending()
    await waitUntil("all is answered", () => clients.every((it) => it.unanswered === 0))
    const truth = await readTruth(ann, room)
    const isAtHead = () => clients.every((it) => it.untilOf(room.id) >= truth.head)
    await waitUntil("all is heard", isAtHead)
    return [
      ...findLosses({
        rooms: [truth],
        clients: clients.map(({ story }) => story),
        joins: [],
        streams: clients.flatMap(({ streams }) => streams),
        stretches: [],
        silences: [],
        heard: [],
        presence: [],
      }),
      ...clients.flatMap(({ surprises }) => surprises),
    ]
  } finally {
    for (const client of clients) client.close()
    await liar.stop()
  }
}

/** Lies once, about the first frame that fits, and is honest ever after. */
function once(fits: Parameters<Lie>[0], lie: Lie): Lie {
  let isDone = false
  return (frame) => {
    if (isDone || !fits(frame)) return [frame]
    isDone = true
    return lie(frame)
  }
}

const isMessage = ({ type, seq }: { type: string; seq: number }) =>
  type === "message.created" && seq > 10
const isReceipt = ({ type, id }: { type: string; id: unknown }) => type === "ok" && id !== 0
const isSend = ({ type }: { type: string }) => type === "message.send"

/** The one that fits comes after the next frame that fits. */
function swap(fits: (frame: Parameters<Lie>[0]) => boolean): Lie {
  let held: unknown = null
  let isDone = false
  return (frame) => {
    if (isDone || !fits(frame)) return [frame]
    if (held === null) {
      held = frame
      return []
    }
    isDone = true
    return [frame, held]
  }
}

/** In the shape of one: it is a lie, and not nonsense. */
const RECEIPT_OF_NOTHING = {
  id: "nothing",
  numeric_id: 1,
  room_id: "nowhere",
  seq: 7,
  created_at: new Date(0).toISOString(),
  duplicate: false,
}

describe("a client of the nemesis run", () => {
  test("given nobody lies, then nothing is wrong", async () => {
    expect(await lossesWith({})).toEqual([])
  })

  const lies: readonly [string, { readonly down?: Lie; readonly up?: Lie }, string][] = [
    ["an event that is kept back", { down: once(isMessage, () => []) }, "right after"],
    ["an event that is told twice", { down: once(isMessage, (it) => [it, it]) }, "right after"],
    [
      "a message that is told with other words",
      {
        down: once(isMessage, (it) => [{ ...it, data: { ...it.data, content: "lies" } }]),
      },
      "where the server has",
    ],
    [
      "a send that is acknowledged and never stored",
      {
        up: once(isSend, ({ id }) => [{ type: "ping", id }]),
        down: once(
          ({ type, data }: Parameters<Lie>[0]) => type === "ok" && data.time !== undefined,
          (it) => [{ ...it, data: RECEIPT_OF_NOTHING }],
        ),
      },
      "was acknowledged and is lost",
    ],
    [
      "a receipt with another seq",
      {
        down: once(isReceipt, (it) => [{ ...it, data: { ...it.data, seq: it.data.seq + 1 } }]),
      },
      "was acknowledged as seq",
    ],
    [
      "a receipt that comes twice",
      { down: once(isReceipt, (it) => [it, it]) },
      "was answered more often than it was sent",
    ],
    [
      "a send that is stored under two ids",
      { up: once(isSend, (it) => [it, { ...it, data: { ...it.data, client_id: "another" } }]) },
      "nobody sent",
    ],
    ["sends that change places", { up: swap(isSend) }, "has overtaken an earlier one"],
  ]

  test.each(lies)("notices %s", async (_, lie, sentence) => {
    expect(await lossesWith(lie)).toContainEqual(expect.stringContaining(sentence))
  })
})
