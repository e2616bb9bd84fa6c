/** A clock that runs like the real one and can be moved forward. */
export interface TestClock {
  now(): number
  advance(milliseconds: number): void
}

export function createClock(): TestClock {
  let offset = 0
  return {
    now: () => Date.now() + offset,
    advance: (milliseconds) => {
      offset += milliseconds
    },
  }
}
