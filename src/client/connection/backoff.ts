const FIRST_MS = 500
const LONGEST_MS = 30_000

/** After so long on one socket the trouble of before is forgotten. */
export const SETTLED_MS = 10_000

/**
 * How long to wait before the try after so many that failed. Anything up to a bound that doubles:
 * clients that lost the same server must not all come back in the same moment.
 * Source: "Exponential Backoff And Jitter", AWS Architecture Blog, "Full Jitter".
 */
export const backoffMs = (failures: number, random: () => number): number =>
  random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures)
