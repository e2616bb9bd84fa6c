import { describe, expect, test } from "bun:test"
import { type Evidence, findLosses } from "./check"
import type { SeenMessage } from "./replica"

const message = (seq: number, content = `number ${seq}`): SeenMessage => ({
  id: `id-${seq}`,
  seq,
  userId: "ann",
  clientId: `ann-${seq}`,
  content,
})

const HISTORY = [message(3), message(4), message(6)]

/** Two joined (1 and 2), ann sent three, the room was renamed at 5; bob saw it all. */
function evidence(change: {
  readonly stored?: readonly SeenMessage[]
  readonly seen?: readonly SeenMessage[]
  readonly acknowledged?: Partial<{ id: string; seq: number }>
  readonly head?: number
  readonly roomChanges?: readonly number[]
  readonly members?: Evidence["rooms"][number]["members"]
}): Evidence {
  const { stored = HISTORY, seen = HISTORY, head = 6, roomChanges = [5] } = change
  const members = change.members ?? [
    { userId: "ann", seq: 1 },
    { userId: "bob", seq: 2 },
  ]
  const sent = HISTORY.map(({ id, seq, content }, n) => ({
    n,
    roomId: "room",
    clientId: `ann-${seq}`,
    content,
    acknowledged: { id, seq, ...(seq === 4 ? change.acknowledged : {}) },
  }))
  return {
    rooms: [{ roomId: "room", head, messages: stored, members, roomChanges }],
    clients: [
      { userId: "ann", sent, seen: new Map([["room", HISTORY]]) },
      { userId: "bob", sent: [], seen: new Map([["room", seen]]) },
    ],
    joins: [{ roomId: "room", userId: "bob" }],
  }
}

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
    ["a gap in the seqs", evidence({ roomChanges: [] }), "seq 5 was given to 0 changes"],
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
  ]

  test.each(controls)("notices %s", (_, broken, sentence) => {
    expect(findLosses(broken)).toContainEqual(expect.stringContaining(sentence))
  })
})
