import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import type { HistoryQuery } from "../../src/client/api"
import type { RoomChange } from "../../src/client/rooms/feed"
import type { Messages } from "../../src/client/rooms/messages-in-order"
import { createRoomModel, type RoomModel } from "../../src/client/rooms/room-model"
import { newRoomState, withUnread } from "../../src/client/rooms/room-state"
import { LOADED_MAX } from "../../src/client/rooms/timeline"
import { countsOf } from "../../src/client/rooms/unread-count"
import { createRoomLog } from "../support/room-log"

const ME = "ann"

/** A read of the history that is on its way: answered when the test lets it be. */
interface Reading {
  readonly query: HistoryQuery
  found: Messages | null
  readonly answer: (found: Messages) => void
}

/** A model whose world comes late, twice, in another order or not at all. */
function createWorld() {
  const log = createRoomLog()
  log.join(ME)
  const readings: Reading[] = []
  const onTheWay: RoomChange[] = []
  const heard: RoomChange[] = []
  const answers: (() => unknown)[] = []
  const applied: number[] = []
  let lastReadSeq = log.head
  let isGap = false
  const never = () => Promise.reject(new Error("nobody asks that here"))
  const model: RoomModel = createRoomModel("room", {
    me: () => ME,
    readHistory: (_room, query) =>
      new Promise((answer) => readings.push({ query, found: null, answer })),
    readThread: never,
    readMessage: never,
    pendingIn: () => [],
    onChange: () => undefined,
    onOwnChange: () => undefined,
    onApplied: ({ seq }) => applied.push(seq),
    onGap: () => {
      isGap = true
    },
  })
  model.begin(newRoomState(log.room(), { me: ME, isMember: true }), log.head)
  count()

  function count(): void {
    model.change((state) => withUnread(state, log.unread(ME, lastReadSeq)))
  }

  function repair(): void {
    isGap = false
    let since = model.feed.until
    while (model.told(log.changes(since, 7), since)) since = model.feed.until
  }

  async function settle(): Promise<void> {
    for (const change of onTheWay.splice(0)) model.feed.hear(change)
    repair()
    while (readings.length > 0) await answerReading()
    expect(model.feed.isWaiting).toBe(false)
  }

  async function answerReading(): Promise<void> {
    const reading = readings.shift()
    reading?.answer(reading.found ?? log.history(reading.query))
    for (let turns = 0; turns < 5; turns++) await Promise.resolve()
  }

  return {
    log,
    model,
    applied,
    get lastReadSeq() {
      return lastReadSeq
    },
    happens: (changes: readonly RoomChange[]) => onTheWay.push(...changes),
    hearNext(place: number): void {
      const [change] = onTheWay.splice(place % Math.max(onTheWay.length, 1), 1)
      if (change === undefined) return
      heard.push(change)
      model.feed.hear(change)
    },
    hearAgain(place: number): void {
      const change = heard[place % Math.max(heard.length, 1)]
      if (change !== undefined) model.feed.hear(change)
    },
    loseNext: () => onTheWay.shift(),
    repair: () => {
      if (isGap) repair()
    },
    /** Asks for what has changed; the answer, which is made now, comes later. */
    ask(): void {
      const since = model.feed.until
      const made = log.changes(since, 7)
      answers.push(() => model.told(made, since))
    },
    hearAnswer: () => answers.shift()?.(),
    /** The server has read what is asked for; its answer is still on the way. */
    readNow(): void {
      for (const reading of readings) reading.found ??= log.history(reading.query)
    },
    answerReading,
    read(by: number): void {
      // Nobody reads what they have not heard of.
      lastReadSeq = Math.max(lastReadSeq, Math.min(lastReadSeq + by, model.feed.until))
      model.markRead(lastReadSeq)
    },
    count,
    settle,
  }
}

type World = ReturnType<typeof createWorld>
type Act = readonly [name: string, run: (world: World) => unknown]

const who = fc.constantFrom(ME, "bob", "eve")
const place = fc.nat(500)
const acts: fc.Arbitrary<Act>[] = [
  fc
    .tuple(who, fc.boolean())
    .map(
      ([author, calls]): Act => [
        `${author} writes`,
        ({ log, happens }) => happens(log.write(author, calls ? [ME] : [])),
      ],
    ),
  fc.tuple(fc.integer({ min: 20, max: 160 }), who).map(
    ([many, author]): Act => [
      `${author} writes ${many}`,
      ({ log, happens }) => {
        for (let count = 0; count < many; count++) happens(log.write(author))
      },
    ],
  ),
  place.map((at): Act => [`edit ${at}`, ({ log, happens }) => happens(log.edit(at))]),
  place.map((at): Act => [`react ${at}`, ({ log, happens }) => happens(log.react(at))]),
  place.map((at): Act => [`remove ${at}`, ({ log, happens }) => happens(log.remove(at))]),
  who.map((id): Act => [`${id} joins`, ({ log, happens }) => happens(log.join(id))]),
  who
    .filter((id) => id !== ME)
    .map((id): Act => [`${id} leaves`, ({ log, happens }) => happens(log.leave(id))]),
  who.map((id): Act => [`${id} renames`, ({ log, happens }) => happens(log.rename(id))]),
  fc.constant<Act>(["hear", (world) => world.hearNext(0)]),
  fc.constant<Act>([
    "hear all",
    (world) => {
      for (let count = 0; count < 200; count++) world.hearNext(0)
    },
  ]),
  fc.integer({ min: 1, max: 5 }).map((at): Act => [`hear early`, (world) => world.hearNext(at)]),
  place.map((at): Act => ["hear again", (world) => world.hearAgain(at)]),
  fc.constant<Act>(["lose", (world) => world.loseNext()]),
  fc.constant<Act>(["repair", (world) => world.repair()]),
  fc.constant<Act>(["ask", (world) => world.ask()]),
  fc.constant<Act>(["hear the answer", (world) => world.hearAnswer()]),
  fc.constant<Act>(["open", ({ model }) => void model.timeline.open()]),
  place.map(
    (around): Act => [`open around ${around}`, ({ model }) => void model.timeline.open({ around })],
  ),
  fc.constant<Act>(["older", ({ model }) => void model.timeline.loadOlder()]),
  fc.constant<Act>(["newer", ({ model }) => void model.timeline.loadNewer()]),
  fc.constant<Act>(["read now", (world) => world.readNow()]),
  fc.constant<Act>(["answer", (world) => world.answerReading()]),
  fc.nat(300).map((by): Act => [`mark read ${by}`, (world) => world.read(by)]),
]

/** What is shown is a part of the truth without holes, and says truly where it ends. */
function expectTrue({ model, log }: World): void {
  model.show()
  const { messages, isAtStart, isAtEnd, loading, trouble } = model.timeline.state.value
  expect({ loading, trouble }).toEqual({ loading: null, trouble: null })
  expect(messages.length).toBeLessThanOrEqual(LOADED_MAX)
  const first = log.messages.findIndex(({ seq }) => seq === messages[0]?.seq)
  if (messages.length > 0) {
    expect(messages).toEqual(log.messages.slice(first, first + messages.length))
  }
  if (isAtStart) expect(messages[0]).toEqual(log.messages[0])
  if (isAtEnd) expect(messages.at(-1)).toEqual(log.messages.at(-1))
}

function expectKnown({ model, log, lastReadSeq }: World): void {
  const { state } = model
  expect(state?.room.head).toBe(log.head)
  // Whether what was never heard of as new is the last one is asked elsewhere.
  if (state?.lastMessage != null) expect([state.lastMessage]).toEqual(log.messages.slice(-1))
  const tail = state?.tail ?? []
  expect(tail).toEqual(tail.length === 0 ? [] : log.messages.slice(-tail.length))
  const known = [...(state?.members.values() ?? [])]
  for (const member of known) expect(log.members()).toContainEqual(member)
  const { unread, mentions } = log.unread(ME, lastReadSeq)
  expect(state && countsOf(state.unread)).toEqual({ unread, mentions })
}

describe("what a client knows of a room", () => {
  test("whatever comes late, twice or not at all: in the end it is what the server knows", async () => {
    const run = fc.array(fc.oneof(...acts), { minLength: 10, maxLength: 80 })
    await fc.assert(
      fc.asyncProperty(run, async (chosen) => {
        const world = createWorld()

        for (const [, act] of chosen) {
          await act(world)
        }
        await world.settle()

        if (world.model.state?.unread.isInDoubt === true) world.count()
        expectKnown(world)
        expectTrue(world)
        expect(world.applied).toEqual([...new Set(world.applied)].sort((a, b) => a - b))
      }),
      { numRuns: 400 },
    )
  }, 60_000)
})
