import { describe, expect, test } from "bun:test"
import { type Change, Replica } from "./replica"

const change = (seq: number): Change => ({
  seq,
  message: { id: `id-${seq}`, seq, userId: "ann", clientId: null, content: "hello" },
})
const messages = (...seqs: number[]) => seqs.flatMap((seq) => change(seq).message ?? [])
const seqsOf = (replica: Replica) => replica.messages.map(({ seq }) => seq)

describe("what a client knows of a room", () => {
  test("given live events came while it caught up, then each is there once and in order", () => {
    const replica = new Replica()

    replica.addEvent(change(4))
    replica.addEvent(change(3))
    const isWhole = replica.addPage({ until: 3, messages: messages(1, 2, 3), more: false })

    expect(isWhole).toBe(true)
    expect(seqsOf(replica)).toEqual([1, 2, 3, 4])
  })

  test("given an event comes twice, then the second is dropped", () => {
    const replica = new Replica()
    replica.addPage({ until: 0, messages: [], more: false })

    expect([replica.addEvent(change(1)), replica.addEvent(change(1))]).toEqual(["applied", "known"])
    expect(seqsOf(replica)).toEqual([1])
  })

  test("given an event is missing, then the gap is noticed and nothing is put behind it", () => {
    const replica = new Replica()
    replica.addPage({ until: 1, messages: messages(1), more: false })

    expect(replica.addEvent(change(3))).toBe("gap")
    expect(seqsOf(replica)).toEqual([1])
  })

  test("given live events ran ahead of the last page, then the gap is noticed", () => {
    const replica = new Replica()

    replica.addEvent(change(5))

    expect(replica.addPage({ until: 3, messages: messages(3), more: false })).toBe(false)
  })
})
