import { describe, expect, test } from "bun:test"
import { createStandstill } from "../../src/cluster/standstill"
import { NODE_LOST_MS, SETTLE_MS } from "../../src/cluster/timing"
import { ChatError } from "../../src/protocol/errors"
import { waitUntil } from "../support/wait"

function standing() {
  const state = { at: 0, looks: 0, work: Promise.resolve() }
  const standstill = createStandstill({
    lookAgain: () => {
      state.looks++
      return state.work
    },
    now: () => state.at,
  })
  return { state, ...standstill }
}

const LONG = NODE_LOST_MS / 2 + 1

describe("a process that stood still", () => {
  test("may not act by what it knew before, and others wait for it no shorter than that", () => {
    const { state, doubt } = standing()
    state.at += LONG - 1
    expect(doubt()).toBeNull()

    state.at += LONG
    expect(doubt()).not.toBeNull()

    expect(LONG).toBeLessThan(SETTLE_MS)
  })

  test("looks once for all that wait, and trusts itself again when that is over", async () => {
    const { state, doubt } = standing()
    const work = Promise.withResolvers<void>()
    state.work = work.promise
    state.at += LONG

    const [first, second] = [doubt(), doubt()]
    work.resolve()
    await Promise.all([first, second])
    await waitUntil("it is no longer in doubt", () => doubt() === null)

    expect(state.looks).toBe(1)
  })

  test("given the look fails, then who waits is refused as `overloaded`, and the next looks again", async () => {
    const { state, doubt } = standing()
    state.work = Promise.reject(new Error("the database is away"))
    state.at += LONG

    const refusal = await Promise.resolve(doubt()).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(ChatError)
    expect(refusal).toMatchObject({ code: "overloaded" })

    await Bun.sleep(0)
    state.work = Promise.resolve()
    await doubt()
    await waitUntil("it is no longer in doubt", () => doubt() === null)
    expect(state.looks).toBe(2)
  })

  test("given it stands still again while it looks, then it looks anew", async () => {
    const { state, doubt } = standing()
    const first = Promise.withResolvers<void>()
    state.work = first.promise
    state.at += LONG
    void doubt()

    state.at += LONG
    state.work = Promise.resolve()
    const again = doubt()
    first.resolve()
    await again

    expect(state.looks).toBe(2)
  })
})
