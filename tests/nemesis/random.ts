/** Chance that can be had again: the same seed gives the same choices. */
export interface Random {
  /** A whole number from 0 up to, and without, the limit. */
  below(limit: number): number
  /** A number from half the limit up to it: for waits. */
  upTo(limit: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  /** Another one, which does not depend on how often this one is asked. */
  fork(): Random
}

/** Source: Tommy Ettinger's mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  let forks = 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    upTo: (limit) => limit / 2 + (next() * limit) / 2,
    chance: (probability) => next() < probability,
    pick(items) {
      const [item] = items.slice(below(items.length))
      if (item === undefined) throw new Error("there is nothing to pick from")
      return item
    },
    fork: () => createRandom(seed + 7919 * ++forks),
  }
}
