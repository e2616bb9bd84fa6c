import { describe, expect, jest, test } from "bun:test"
import type { Hearing } from "../../src/cluster/hearing"
import { createRightsWatch } from "../../src/cluster/rights-watch"
import { RECONCILE_MS } from "../../src/cluster/timing"
import { waitUntil } from "../support/wait"

/** A watch over a node that hears the others, or not, as the test says. */
function watched() {
  const state = { isUp: true, looks: 0, work: Promise.resolve() }
  let missed: () => unknown = () => undefined
  const hearing: Hearing = {
    get isUp() {
      return state.isUp
    },
    on(listeners) {
      missed = () => listeners.missed?.()
    },
  }
  const watch = createRightsWatch({
    hearing,
    lookAgain: () => {
      state.looks++
      return state.work
    },
    onTrouble: (error) => {
      throw error
    },
  })
  return { state, watch, miss: () => missed() }
}

/** Of the microtasks alone: timers stand still. */
async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

describe("rights that may have ended elsewhere", () => {
  test("are looked up at once when something was missed", async () => {
    const { state, miss } = watched()

    miss()
    await someTurns()

    expect(state.looks).toBe(1)
  })

  test("given a look is under way, then another follows at once, and is what is waited for", async () => {
    const { state, miss } = watched()
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    state.work = first.promise
    miss()
    await someTurns()
    let isSettled = false
    const settled = Promise.all([miss(), miss()]).then(() => {
      isSettled = true
    })

    state.work = second.promise
    first.resolve()
    await waitUntil("it is looked up again", () => state.looks === 2)
    await Bun.sleep(0)
    expect(isSettled).toBe(false)
    second.resolve()
    await settled

    expect(state.looks).toBe(2)
  })

  test("are looked up every 2 s while the node is cut off, and not while it hears the others", async () => {
    jest.useFakeTimers()
    const { state, watch } = watched()
    watch.start()
    jest.advanceTimersByTime(3 * RECONCILE_MS)
    await someTurns()
    expect(state.looks).toBe(0)

    state.isUp = false
    for (let n = 1; n <= 3; n++) {
      jest.advanceTimersByTime(RECONCILE_MS)
      await someTurns()
      expect(state.looks).toBe(n)
    }

    state.isUp = true
    jest.advanceTimersByTime(3 * RECONCILE_MS)
    expect(state.looks).toBe(3)
    watch.stop()
    jest.useRealTimers()
  })

  test("are not looked up by a server that is alone", () => {
    jest.useFakeTimers()
    let looks = 0
    const watch = createRightsWatch({
      hearing: null,
      lookAgain: async () => {
        looks++
      },
      onTrouble: () => undefined,
    })

    watch.start()
    jest.advanceTimersByTime(10 * RECONCILE_MS)

    expect(looks).toBe(0)
    jest.useRealTimers()
  })
})
