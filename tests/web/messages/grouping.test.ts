import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import type { ApiMessage } from "../../../src/protocol/answers"
import { type Grouping, groupRows, type Row } from "../../../src/web/messages/grouping"
import { at, messageOf, pendingOf } from "./message-samples"

const rowsOf = (change: Partial<Grouping>, before?: readonly Row[]): readonly Row[] =>
  groupRows(
    {
      messages: [],
      pending: [],
      myId: "me",
      newAfter: null,
      isAtStart: true,
      isThread: false,
      dayOf: (time) => time.slice(0, 10),
      ...change,
    },
    before,
  )

/** `#` says who writes, `+` goes on; days and the line stand before. */
const drawn = (rows: readonly Row[]): string =>
  rows
    .map((row) => {
      const day = row.day === null ? "" : `[${row.day.slice(8)}] `
      return `${day}${row.isFirstNew ? "NEW " : ""}${row.isHead ? "#" : "+"}${row.key}`
    })
    .join(", ")

describe("what a list of messages shows", () => {
  test("who writes is said once for what they write at a stretch", () => {
    const messages = [
      messageOf(1),
      messageOf(2),
      messageOf(3, { user_id: "bob" }),
      messageOf(4),
      messageOf(5),
    ]

    expect(drawn(rowsOf({ messages }))).toBe("[05] #m1, +m2, #m3, #m4, +m5")
  })

  test("and again after a pause of 5 minutes", () => {
    const messages = [
      messageOf(1, { created_at: at(0) }),
      messageOf(2, { created_at: at(4.99) }),
      messageOf(3, { created_at: at(9.99) }),
    ]

    expect(drawn(rowsOf({ messages }))).toBe("[05] #m1, +m2, #m3")
  })

  test("an answer and what is forwarded say who writes; system messages stand for themselves", () => {
    const messages = [
      messageOf(1),
      messageOf(2, { reply_to: "m1" }),
      messageOf(3),
      messageOf(4, { forwarded_from: "m0" }),
      messageOf(5, { type: "system" }),
      messageOf(6),
    ]

    expect(drawn(rowsOf({ messages }))).toBe("[05] #m1, #m2, +m3, #m4, #m5, #m6")
  })

  test("days are parted, also within a stretch", () => {
    const messages = [
      messageOf(1, { created_at: at(24 * 60 - 1) }),
      messageOf(2, { created_at: at(24 * 60 + 1) }),
    ]

    expect(drawn(rowsOf({ messages }))).toBe("[05] #m1, [06] #m2")
  })

  test("the first one loaded begins no day while there may be older ones", () => {
    const messages = [messageOf(1), messageOf(2)]

    expect(drawn(rowsOf({ messages, isAtStart: false }))).toBe("#m1, +m2")
  })

  test("the line stands once, above the first new one that is somebody else's", () => {
    const messages = [messageOf(1), messageOf(2, { user_id: "me" }), messageOf(3), messageOf(4)]

    expect(drawn(rowsOf({ messages, newAfter: 1 }))).toBe("[05] #m1, #m2, NEW #m3, +m4")
    expect(drawn(rowsOf({ messages, newAfter: 4 }))).not.toContain("NEW")
    expect(drawn(rowsOf({ messages, newAfter: null }))).not.toContain("NEW")
  })

  test("what is said in a thread is not shown in the room, and in the thread it is", () => {
    const messages = [messageOf(1, { thread_count: 1 }), messageOf(2, { thread_id: "m1" })]

    expect(drawn(rowsOf({ messages }))).toBe("[05] #m1")
    expect(drawn(rowsOf({ messages: messages.slice(1), isThread: true }))).toBe("[05] #m2")
  })

  test("what a thread hangs on stands apart from its answers", () => {
    const messages = [messageOf(1, { thread_count: 1 }), messageOf(2, { thread_id: "m1" })]

    expect(drawn(rowsOf({ messages, isThread: true }))).toBe("[05] #m1, #m2")
  })

  test("a deleted message keeps its place", () => {
    const messages = [messageOf(1), messageOf(2, { deleted_at: at(9), content: "" }), messageOf(3)]

    expect(drawn(rowsOf({ messages }))).toBe("[05] #m1, +m2, +m3")
  })

  test("what is on its way stands last, in the order it was written", () => {
    const messages = [messageOf(1, { user_id: "me", created_at: at(1) })]
    const pending = [pendingOf("a", 2), pendingOf("b", 3)]

    expect(drawn(rowsOf({ messages, pending }))).toBe("[05] #m1, +own:a, +own:b")
  })

  test("what was sent to a thread does not wait in the room", () => {
    const toThread = { ...pendingOf("a", 2), draft: { content: "x", threadId: "m1" } }

    expect(drawn(rowsOf({ pending: [toThread] }))).toBe("")
  })

  test("a sent message stays the same row once the server has it, and is shown once", () => {
    const waiting = rowsOf({ pending: [pendingOf("a", 2)] })
    const both = rowsOf({
      messages: [messageOf(1, { user_id: "me", client_id: "a" })],
      pending: [pendingOf("a", 2)],
    })

    expect(drawn(waiting)).toBe("[05] #own:a")
    expect(drawn(both)).toBe("[05] #own:a")
    expect(both[0]?.type).toBe("message")
  })

  test("somebody else's message of the same client id is another row", () => {
    const rows = rowsOf({
      messages: [messageOf(1, { client_id: "a" })],
      pending: [pendingOf("a", 2)],
    })

    expect(drawn(rows)).toBe("[05] #m1, #own:a")
  })

  test("rows that stay as they were stay the same object, those that changed do not", () => {
    const messages = [messageOf(1), messageOf(2), messageOf(3)]
    const before = rowsOf({ messages })

    const after = rowsOf(
      {
        messages: [
          { ...messageOf(1) },
          messageOf(2, { changed_seq: 4, edited_at: at(4) }),
          ...messages.slice(2),
        ],
      },
      before,
    )

    expect(after.map((row, index) => row === before[index])).toEqual([true, false, true])
  })
})

const anyMessages = fc
  .array(
    fc.record({
      user_id: fc.constantFrom("ann", "bob", "me"),
      minutes: fc.integer({ min: 0, max: 700 }),
      isInThread: fc.boolean(),
      type: fc.constantFrom("text" as const, "system" as const),
    }),
    { maxLength: 40 },
  )
  .map((drafts): readonly ApiMessage[] => {
    let minutes = 0
    return drafts.map(({ user_id, type, isInThread, ...it }, index) => {
      minutes += it.minutes
      const thread_id = isInThread ? "m0" : null
      return messageOf(index + 1, { user_id, type, thread_id, created_at: at(minutes) })
    })
  })

describe("in whatever order things happen", () => {
  test("every message has one row in the order of the room, under one day, after one line", () => {
    fc.assert(
      fc.property(anyMessages, fc.integer({ min: 0, max: 40 }), (messages, newAfter) => {
        const rows = rowsOf({ messages, newAfter })
        const wanted = messages.filter((it) => it.thread_id === null)

        expect(rows.map((row) => row.key)).toEqual(wanted.map((it) => it.id))
        const days = rows.flatMap((row) => (row.day === null ? [] : [row.day]))
        expect(days).toEqual([...new Set(wanted.map((it) => it.created_at.slice(0, 10)))])
        expect(rows.filter((row) => row.isFirstNew).length).toBeLessThanOrEqual(1)
      }),
    )
  })

  test("what was shown before never changes what is shown", () => {
    fc.assert(
      fc.property(
        anyMessages,
        fc.nat(40),
        fc.nat(40),
        fc.nat(40),
        (messages, from, until, ever) => {
          const grouping = { messages, newAfter: ever }
          const part = { messages: messages.slice(from, until), isAtStart: from === 0 }

          expect(rowsOf(grouping, rowsOf(part))).toEqual(rowsOf(grouping))
          expect(rowsOf(part, rowsOf(grouping))).toEqual(rowsOf(part))
        },
      ),
    )
  })
})
