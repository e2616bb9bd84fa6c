import type { RateLimit } from "./rate-limit"

/**
 * What one deed of a user counts as. Its script may run again, and its commit may fail: each is
 * counted once, and what came to nothing is given back.
 */
export function createTally(key: number) {
  let taken: RateLimit[] | null = null

  return {
    /** Errors: `rate_limited`. */
    take(limit: RateLimit): void {
      if (taken?.includes(limit)) return
      limit.take(key)
      taken ??= []
      taken.push(limit)
    },
    giveBack(): void {
      for (const limit of taken ?? []) limit.giveBack(key)
      taken = null
    },
  }
}

export type Tally = ReturnType<typeof createTally>
