import { describe, expect, test } from "bun:test"
import { createRateLimit } from "../../src/core/rate-limit"
import { createTally } from "../../src/core/tally"
import { runAtOnce } from "../../src/store/script"

describe("what one deed counts as", () => {
  const limitOf = (perMinuteMax: number) => createRateLimit(perMinuteMax, () => 1_000)

  test("is counted once, however often its script runs", () => {
    const limit = limitOf(2)
    const tally = createTally(7)
    const script = tally.counting(function* () {
      tally.take(limit)
      yield* []
    })

    for (let run = 0; run < 3; run++) runAtOnce(script())

    expect(() => createTally(7).take(limit)).not.toThrow()
    expect(() => createTally(7).take(limit)).toThrow("more than 2 a minute")
  })

  test("is not counted where an earlier run has taken it and the last one has not", () => {
    const limit = limitOf(1)
    const tally = createTally(7)
    let runs = 0
    const script = tally.counting(function* () {
      if (++runs === 1) tally.take(limit)
      yield* []
    })

    for (let run = 0; run < 2; run++) runAtOnce(script())

    expect(() => limit.take(7)).not.toThrow()
  })

  test("is given back to every limit where it came to nothing, and to no other", () => {
    const [joins, names, sends] = [limitOf(1), limitOf(1), limitOf(1)]
    const tally = createTally(7)
    tally.take(joins)
    tally.take(names)
    sends.take(7)

    tally.giveBack()

    for (const limit of [joins, names]) expect(() => limit.take(7)).not.toThrow()
    expect(() => sends.take(7)).toThrow("more than 1 a minute")
  })

  test("gives back nothing of what was refused", () => {
    const limit = limitOf(1)
    limit.take(7)
    const tally = createTally(7)
    expect(() => tally.take(limit)).toThrow()

    tally.giveBack()

    expect(() => limit.take(7)).toThrow()
  })
})
