/**
 * What is in doubt may be committed a little after it was given up: Postgres has heard of it, and
 * was slow. So it is told once more when that is over, too.
 */
const AGAIN_MS = 5_000

export interface DoubtsDeps {
  /** Has all nodes look their rights up, this one as well. Throws where the database is away. */
  readonly tellAll: () => Promise<void>
  readonly elapsedMs: () => number
}

/**
 * Commits of which nobody knows whether they came about: the answer was lost. What they would have
 * told (that a session has ended, say) must be told only if it is true, which the database knows as
 * soon as it answers again: then every node looks.
 */
export function createDoubts({ tellAll, elapsedMs }: DoubtsDeps) {
  /** From when on each telling may be done. */
  let due: readonly number[] = []

  async function settle(isLate: (time: number) => boolean): Promise<void> {
    const before = due
    if (!before.some(isLate)) return
    const left = before.filter((time) => !isLate(time))
    await tellAll()
    // What came up meanwhile may have been too late for it.
    if (due === before) due = left
  }

  return {
    note(): void {
      const now = elapsedMs()
      // The latest of each kind stands for all before it.
      due = [now, now + AGAIN_MS]
    },
    /** Tells what is due. Errors: of the database; what is due is so still. */
    settle: () => settle((time) => time <= elapsedMs()),
    /** Tells all, for it is the last time. */
    settleAll: () => settle(() => true),
  }
}

export type Doubts = ReturnType<typeof createDoubts>
