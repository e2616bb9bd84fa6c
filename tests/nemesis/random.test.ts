import { describe, expect, test } from "bun:test"
import { createRandom } from "./random"

const choicesOf = (seed: number) => {
  const random = createRandom(seed)
  return Array.from({ length: 20 }, () => random.below(1_000))
}

describe("chance", () => {
  test("given the same seed, then the same choices are made", () => {
    expect(choicesOf(7)).toEqual(choicesOf(7))
    expect(choicesOf(7)).not.toEqual(choicesOf(8))
  })

  test("given one asks a fork, then the other choices stay as they are", () => {
    const [one, another] = [createRandom(7), createRandom(7)]

    one.fork().below(10)

    expect(one.below(1_000)).toBe(another.below(1_000))
  })

  test("given many choices, then all are made, and none beyond the limit", () => {
    const random = createRandom(1)

    const made = Array.from({ length: 1_000 }, () => random.below(3))

    expect(new Set(made)).toEqual(new Set([0, 1, 2]))
  })
})
