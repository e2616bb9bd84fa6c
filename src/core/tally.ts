import type { Script } from "../store"
import type { RateLimit } from "./rate-limit"

/**
 * What one deed of a user counts as. Its script may run again, and its commit may fail: what came
 * to nothing is given back, at the beginning of each run and where the last one has failed.
 */
export function createTally(key: number) {
  let taken: RateLimit[] | null = null

  function giveBack(): void {
    for (const limit of taken ?? []) limit.giveBack(key)
    taken = null
  }

  return {
    /** Errors: `rate_limited`. */
    take(limit: RateLimit): void {
      limit.take(key)
      taken ??= []
      taken.push(limit)
    },
    giveBack,
    /** A script that counts only what its last run has taken. */
    counting: <T>(script: () => Script<T>) =>
      function* (): Script<T> {
        giveBack()
        return yield* script()
      },
  }
}

export type Tally = ReturnType<typeof createTally>
