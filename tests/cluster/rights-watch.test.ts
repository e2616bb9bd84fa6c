import { describe, expect, jest, test } from "bun:test"
import type { Hearing } from "../../src/cluster/hearing"
import { createRightsWatch } from "../../src/cluster/rights-watch"
import { RECONCILE_MS } from "../../src/cluster/timing"

/** A watch over a node that hears the others, or not, as the test says. */
function watched() {
  const state = { isUp: true, looks: 0 }
  let missed = () => undefined
  const hearing: Hearing = {
    get isUp() {
      return state.isUp
    },
    on(listeners) {
      missed = () => void listeners.missed?.()
    },
  }
  const watch = createRightsWatch({
    hearing,
    lookAgain: async () => {
      state.looks++
    },
    onTrouble: (error) => {
      throw error
    },
  })
  return { state, watch, miss: () => missed() }
}

describe("rights that may have ended elsewhere", () => {
  test("are looked up at once when something was missed", () => {
    const { state, miss } = watched()

    miss()

    expect(state.looks).toBe(1)
  })

  test("are looked up every 2 s while the node is cut off, and not while it hears the others", async () => {
    jest.useFakeTimers()
    const { state, watch } = watched()
    watch.start()
    jest.advanceTimersByTime(3 * RECONCILE_MS)
    expect(state.looks).toBe(0)

    state.isUp = false
    for (let n = 1; n <= 3; n++) {
      jest.advanceTimersByTime(RECONCILE_MS)
      await Promise.resolve()
      await Promise.resolve()
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
