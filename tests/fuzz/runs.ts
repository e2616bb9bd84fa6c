/**
 * How long and from where the fuzz tests run: `FUZZ_RUNS` cases each instead of a few seconds'
 * worth, from `FUZZ_SEED` instead of always the same place.
 */
const SEED = 4711

export const seed = Number(process.env.FUZZ_SEED ?? SEED)

/** Options for `fc.assert`; the cases of a usual run are given, a long one has its own number. */
export function runs(usual: number) {
  const numRuns = Number(process.env.FUZZ_RUNS ?? usual)
  return { seed, numRuns, endOnFailure: numRuns > usual }
}

/** For `test`: about 50 ms a case, and never less than Bun's own. */
export const timeoutMs = (usual: number): number => Math.max(20_000, runs(usual).numRuns * 50)

console.log(
  `fuzzing from seed ${seed}${process.env.FUZZ_RUNS ? `, ${process.env.FUZZ_RUNS} runs` : ""}`,
)
