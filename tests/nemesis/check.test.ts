import { describe, expect, test } from "bun:test"
import { type Evidence, findLosses } from "./check"
import type { Stream, Stretch } from "./check-live"
import type { SeenMessage } from "./replica"

const message = (seq: number, content = `number ${seq}`): SeenMessage => ({
  id: `id-${seq}`,
  seq,
  userId: "ann",
  clientId: `ann-${seq}`,
  content,
})

const HISTORY = [message(3), message(4), message(6)]

/**
 * Two joined (1 and 2), ann sent three, the room was renamed at 5; bob saw it all. Eve was removed
 * at 1,000 ms and let in again at 2,000; ann and bob are there.
 */
function evidence(change: {
  readonly stored?: readonly SeenMessage[]
  readonly seen?: readonly SeenMessage[]
  readonly acknowledged?: Partial<{ id: string; seq: number }>
  readonly head?: number
  readonly roomChanges?: readonly number[]
  readonly replaced?: number
  readonly stream?: readonly number[]
  readonly stretch?: Partial<Stretch>
  readonly heardAt?: readonly number[]
  readonly told?: readonly string[]
  /** Seqs of what ann sent, as she sent it, and of what of it was refused at first. */
  readonly sent?: readonly number[]
  readonly late?: readonly number[]
  readonly members?: Evidence["rooms"][number]["members"]
}): Evidence {
  const { stored = HISTORY, seen = HISTORY, head = 6, roomChanges = [5] } = change
  const { replaced = 0, late = [], heardAt = [999, 2_001] } = change
  const members = change.members ?? [
    { userId: "ann", seq: 1 },
    { userId: "bob", seq: 2 },
  ]
  const { sent: order = [3, 4, 6] } = change
  const inOrder = order.map((seq) => message(seq))
  const sent = inOrder.map(({ id, seq, content }, n) => ({
    n,
    roomId: "room",
    clientId: `ann-${seq}`,
    content,
    acknowledged: { id, seq, ...(seq === 4 ? change.acknowledged : {}) },
    mayBeLate: late.includes(seq),
  }))
  return {
    rooms: [{ roomId: "room", head, messages: stored, members, roomChanges, replaced }],
    clients: [
      { userId: "ann", sent, seen: new Map([["room", HISTORY]]) },
      { userId: "bob", sent: [], seen: new Map([["room", seen]]) },
    ],
    joins: [{ roomId: "room", userId: "bob" }],
    streams: [streamOf(change.stream ?? [2, 3, 4, 5, 6])],
    stretches: [stretchOf(change.stretch ?? {})],
    silences: [{ userId: "eve", roomId: "room", from: 1_000, until: 2_000 }],
    heard: heardAt.map((at) => ({ userId: "eve", roomId: "room", seq: 4, at })),
    presence: [{ where: "node 1", there: ["ann", "bob"], told: change.told ?? ["bob", "ann"] }],
  }
}

const streamOf = (seqs: readonly number[]): Stream => ({
  userId: "bob",
  roomId: "room",
  node: "node 1",
  seqs,
})

const stretchOf = (change: Partial<Stretch>): Stretch => ({
  protocol: "room-path",
  userId: "bob",
  roomId: "room",
  ids: ["id-4", "id-6"],
  isOpen: true,
  ...change,
})

describe("the check of the nemesis run", () => {
  test("finds nothing where nothing is wrong", () => {
    expect(findLosses(evidence({}))).toEqual([])
  })

  const [third, fourth, sixth] = [message(3), message(4), message(6)]
  const controls: readonly [string, Evidence, string][] = [
    [
      "an acknowledged message that is not stored",
      evidence({ stored: [third, sixth] }),
      "ann-4 was acknowledged and is lost",
    ],
    [
      "a message that is stored twice",
      evidence({
        stored: [...HISTORY, { ...fourth, id: "id-7", seq: 7 }],
        head: 7,
      }),
      "ann ann-4 is stored twice",
    ],
    [
      "an id that is given twice",
      evidence({ stored: [third, fourth, { ...sixth, id: fourth.id }] }),
      "id-4 is stored twice",
    ],
    [
      "messages in another order than they were sent in",
      evidence({
        stored: [third, { ...sixth, seq: 4 }, { ...fourth, seq: 6 }],
      }),
      "ann-6 has overtaken an earlier one",
    ],
    ["a gap in the seqs", evidence({ roomChanges: [] }), "1 seqs are no change's (5), not 0"],
    [
      "a seq that is taken where a change of a member was replaced",
      evidence({ replaced: 1 }),
      "0 seqs are no change's (), not 1",
    ],
    [
      "a seq that is given twice",
      evidence({ roomChanges: [4, 5] }),
      "seq 4 was given to 2 changes",
    ],
    ["a seq beyond the head", evidence({ head: 5 }), "seq 6 is beyond the head, 5"],
    [
      "an acknowledgement of another seq",
      evidence({ acknowledged: { seq: 5 } }),
      "ann-4 was acknowledged as seq 5",
    ],
    [
      "an acknowledgement of another message",
      evidence({ acknowledged: { id: "id-9" } }),
      "ann-4 was acknowledged as another message",
    ],
    [
      "content that was changed",
      evidence({ stored: [third, message(4, "something else"), sixth] }),
      "ann-4 has other content",
    ],
    [
      "a message that nobody sent",
      evidence({ stored: [...HISTORY, message(7)], head: 7 }),
      "nobody sent id-7",
    ],
    [
      "a client that missed one",
      evidence({ seen: [third, sixth] }),
      "at place 1 user bob saw seq 6",
    ],
    [
      "a client that missed the last one",
      evidence({ seen: [third, fourth] }),
      "at place 2 user bob saw nothing",
    ],
    [
      "a client that saw one twice",
      evidence({ seen: [third, fourth, fourth, sixth] }),
      "at place 2 user bob saw seq 4",
    ],
    [
      "a client that saw them in another order",
      evidence({ seen: [third, sixth, fourth] }),
      "at place 1 user bob saw seq 6",
    ],
    [
      "a member who joined and is not there",
      evidence({ members: [{ userId: "ann", seq: 1 }] }),
      "user bob joined and is there 0 times",
    ],
    [
      "an event that never came live",
      evidence({ stream: [2, 3, 5, 6] }),
      "on node 1 user bob was told seq 5 right after 3",
    ],
    [
      "an event that came live twice",
      evidence({ stream: [2, 3, 3, 4] }),
      "was told seq 3 right after 3",
    ],
    [
      "events that came live in another order",
      evidence({ stream: [2, 4, 3, 5, 6] }),
      "was told seq 4 right after 2",
    ],
    [
      "a message that another protocol did not tell",
      evidence({ stretch: { ids: ["id-3", "id-6"] } }),
      "by room-path user bob heard seq 6 in the place of 4",
    ],
    [
      "a message that another protocol told twice",
      evidence({ stretch: { ids: ["id-3", "id-3", "id-4"] } }),
      "heard seq 3 in the place of 4",
    ],
    [
      "messages that another protocol told in another order",
      evidence({ stretch: { ids: ["id-4", "id-3"] } }),
      "heard seq 3 in the place of 6",
    ],
    [
      "a message that another protocol told and nobody stored",
      evidence({ stretch: { ids: ["id-9"] } }),
      "heard id-9, which is not stored",
    ],
    [
      "last messages that another protocol kept to itself",
      evidence({ stretch: { ids: ["id-3"] } }),
      "missed the last 2",
    ],
    [
      "an event after the call that removed its hearer",
      evidence({ heardAt: [1_234] }),
      "user eve heard seq 4 234 ms after it had to be silent",
    ],
    ["a ghost", evidence({ told: ["ann", "bob", "eve"] }), "node 1: eve is a ghost"],
    ["somebody who is there and not seen", evidence({ told: ["ann"] }), "bob is not seen"],
    ["somebody who is there twice", evidence({ told: ["ann", "bob", "bob"] }), "bob is twice"],
  ]

  const allowed: readonly [string, Evidence][] = [
    [
      "a free seq for each change of a member that was replaced",
      evidence({ roomChanges: [], replaced: 1 }),
    ],
    [
      "a live stream without a change of a member that was replaced",
      evidence({ roomChanges: [], replaced: 1, stream: [3, 4, 6] }),
    ],
    [
      "a message that was refused at first behind a later one",
      evidence({ sent: [3, 6, 4], late: [6] }),
    ],
    [
      "a connection that ended before the last message",
      evidence({ stretch: { ids: ["id-3"], isOpen: false } }),
    ],
  ]

  test.each(allowed)("allows %s", (_, fine) => {
    expect(findLosses(fine)).toEqual([])
  })

  test.each(controls)("notices %s", (_, broken, sentence) => {
    expect(findLosses(broken)).toContainEqual(expect.stringContaining(sentence))
  })
})
