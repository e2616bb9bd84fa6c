import type { Instant } from "../protocol/ids"

/** Who is told to try again does so within this time. */
const KEPT_MS = 60_000

const KEPT_MAX = 10_000

/** Of one token. */
const TRIES_MAX = 20

interface Tries {
  readonly nextHashes: readonly string[]
  readonly until: Instant
}

/**
 * Refreshes of which nobody knows whether they were stored: the database did not answer. By the
 * hash of the token that was presented, the hashes of the next ones, which nobody was ever given.
 */
export function createDoubtfulRefreshes(now: () => Instant) {
  const nextByUsed = new Map<string, Tries>()

  function find(usedHash: string): readonly string[] {
    const tries = nextByUsed.get(usedHash)
    return tries === undefined || tries.until <= now() ? [] : tries.nextHashes
  }

  return {
    note(usedHash: string, nextHash: string): void {
      const nextHashes = [...find(usedHash), nextHash].slice(-TRIES_MAX)
      // Behind all others: the first to be dropped is the oldest.
      nextByUsed.delete(usedHash)
      nextByUsed.set(usedHash, { nextHashes, until: now() + KEPT_MS })
      for (const [hash, { until }] of nextByUsed) {
        if (until > now() && nextByUsed.size <= KEPT_MAX) return
        nextByUsed.delete(hash)
      }
    },
    find,
    /** It is forgiven once. */
    forget: (usedHash: string): void => void nextByUsed.delete(usedHash),
  }
}
