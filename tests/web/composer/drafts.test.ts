import { describe, expect, test } from "bun:test"
import { createDrafts } from "../../../src/web/composer/drafts"

function createShelf() {
  const kept = new Map<string, string>()
  return {
    kept,
    read: (name: string) => kept.get(name) ?? null,
    keep(name: string, value: string | null) {
      if (value === null) kept.delete(name)
      else kept.set(name, value)
    },
  }
}

const lobby = { roomId: "r-lobby" }

describe("what was written and not sent", () => {
  test("is there again, for each room and thread by itself", () => {
    const shelf = createShelf()
    createDrafts(shelf).write(lobby, "hello")
    createDrafts(shelf).write({ ...lobby, threadId: "m-1" }, "an answer")

    const drafts = createDrafts(shelf)
    expect(drafts.read(lobby)).toBe("hello")
    expect(drafts.read({ ...lobby, threadId: "m-1" })).toBe("an answer")
    expect(drafts.read({ roomId: "r-other" })).toBe("")
  })

  test("leaves nothing behind once it is sent", () => {
    const shelf = createShelf()
    const drafts = createDrafts(shelf)
    drafts.write(lobby, "hello")

    drafts.write(lobby, "")

    expect(drafts.read(lobby)).toBe("")
    expect([...shelf.kept.keys()]).toEqual([])
  })

  test("is kept for 100 places, those written in last", () => {
    const shelf = createShelf()
    const drafts = createDrafts(shelf)
    for (let room = 0; room < 101; room++) drafts.write({ roomId: `r-${room}` }, "hello")

    expect(drafts.read({ roomId: "r-0" })).toBe("")
    expect(drafts.read({ roomId: "r-1" })).toBe("hello")
    expect(drafts.read({ roomId: "r-100" })).toBe("hello")
    expect(shelf.kept.size).toBe(101)
  })

  test("is not kept beyond 20,000 characters", () => {
    const drafts = createDrafts(createShelf())
    drafts.write(lobby, "a".repeat(20_000))
    expect(drafts.read(lobby)).toHaveLength(20_000)

    drafts.write(lobby, "a".repeat(20_001))

    expect(drafts.read(lobby)).toBe("")
  })
})
