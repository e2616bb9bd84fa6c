import { afterEach, expect, test } from "bun:test"
import { createLagWatch } from "../../src/ops/lag-watch"

let at = 0
const watch = createLagWatch({ elapsedMs: () => at })
afterEach(() => watch.stop())

/** Ticks as the timer would, each so many milliseconds after the last. */
function tick(...gaps: readonly number[]): void {
  for (const gap of gaps) {
    at += gap
    watch.tick()
  }
}

test("tells the longest that a tick of 50 ms came late", () => {
  const first = watch.read()
  tick(50, 62, 170, 51)

  expect(first).toBe(0)
  expect(watch.read()).toBe(120)
})

test("forgets what is more than 60 ticks ago", () => {
  watch.read()
  tick(150)
  tick(...Array.from({ length: 59 }, () => 51))
  const before = watch.read()
  tick(51)

  expect(before).toBe(100)
  expect(watch.read()).toBe(1)
})

test("stops when nobody has asked for 15 seconds, and begins anew with the next question", () => {
  watch.read()
  tick(1_050, 13_949)
  const asked = watch.read()
  tick(15_050)

  expect(asked).toBe(13_899)
  // What happened while nobody watched is nobody's lag.
  expect(watch.read()).toBe(0)
})
