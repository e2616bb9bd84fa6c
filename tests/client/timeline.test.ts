import { describe, expect, test } from "bun:test"
import { ParleyError } from "../../src/client"
import type { Messages } from "../../src/client/rooms/messages-in-order"
import { createTimeline, LOADED_MAX } from "../../src/client/rooms/timeline"
import { createRoomLog } from "../support/room-log"

/** A timeline over so many messages, and how its state is asked for. */
function timelineOver(count: number) {
  const log = createRoomLog()
  for (let written = 0; written < count; written++) log.write("bob")
  const world = { isAway: false, reads: 0, heard: [] as string[] }
  const timeline = createTimeline({
    async read(query): Promise<Messages> {
      world.reads++
      if (world.isAway) throw new ParleyError("offline", "nobody is there")
      const { before, after, limit = 50 } = query
      // A room of one message after the other: their seqs are their places.
      if (before !== undefined)
        return log.messages.slice(Math.max(0, before - 1 - limit), before - 1)
      if (after !== undefined) return log.messages.slice(after, after + limit)
      return log.history(query)
    },
    known: () => [],
    takes: () => true,
    pending: () => [],
    onChange: () => undefined,
  })
  const state = () => {
    timeline.show()
    return timeline.state.value
  }
  return { log, world, timeline, state }
}

describe("a timeline", () => {
  test("given 100,000 messages, then all are walked through, of which 600 are loaded at a time", async () => {
    const { timeline, state, log } = timelineOver(100_000)
    await timeline.open()
    const seen = new Set<number>()
    let loadedMost = 0
    const look = () => {
      for (const { seq } of state().messages) seen.add(seq)
      loadedMost = Math.max(loadedMost, state().messages.length)
    }

    look()
    while (!state().isAtStart) {
      await timeline.loadOlder()
      look()
    }
    expect(seen.size).toBe(100_000)
    expect(state()).toMatchObject({ isAtStart: true, isAtEnd: false })
    const backAt = state().messages.at(-1)?.seq
    while (!state().isAtEnd) {
      await timeline.loadNewer()
      look()
    }

    expect(loadedMost).toBe(LOADED_MAX)
    expect(LOADED_MAX).toBe(600)
    expect(backAt).toBe(LOADED_MAX)
    expect(state().messages).toEqual(log.messages.slice(-LOADED_MAX))
    expect(state()).toMatchObject({ isAtStart: false, isAtEnd: true })
  }, 30_000)

  test("given one looks back, when others write much, then what one looks at stays", async () => {
    const { timeline, state, log } = timelineOver(1_000)
    await timeline.open()
    for (let pages = 0; pages < 5; pages++) await timeline.loadOlder()
    const first = state().messages[0]

    for (let count = 0; count < 200; count++) {
      for (const { data } of log.write("bob")) if ("content" in data) timeline.hear(data)
    }

    expect(state().messages[0]).toEqual(first)
    expect(state().messages).toHaveLength(LOADED_MAX)
    expect(state().isAtEnd).toBe(false)
  })

  test("given nobody is there, then it says so, and loads when it is tried again", async () => {
    const { timeline, state, world } = timelineOver(10)
    world.isAway = true

    await timeline.open()
    expect(state()).toMatchObject({ loading: null, trouble: { code: "offline" }, messages: [] })
    world.isAway = false
    timeline.reopen()
    expect(state()).toMatchObject({ loading: "first", trouble: null })
    await timeline.loadOlder()

    expect(state().messages).toHaveLength(10)
    expect(state()).toMatchObject({ isAtStart: true, isAtEnd: true, loading: null })
  })

  test("loads at one end once at a time, and nothing where there is nothing", async () => {
    const { timeline, world } = timelineOver(300)
    await timeline.loadOlder()
    expect(world.reads).toBe(0)
    await timeline.open()
    await timeline.loadNewer()
    expect(world.reads).toBe(1)

    await Promise.all([timeline.loadOlder(), timeline.loadOlder(), timeline.loadOlder()])

    expect(world.reads).toBe(2)
  })
})
