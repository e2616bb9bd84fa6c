import type { ParleySeed } from "./parley"
import type { Report } from "./report"

/** How long a run may take. A quick one shows that everything works, not what it reaches. */
export interface Pace {
  readonly rounds: number
  readonly secondsPerRound: number
  readonly settleSeconds: number
  readonly starts: number
}

export const fullPace: Pace = { rounds: 5, secondsPerRound: 1.5, settleSeconds: 8, starts: 11 }
export const quickPace: Pace = { rounds: 2, secondsPerRound: 0.5, settleSeconds: 2, starts: 3 }

/** What a workload is given: `folder` is temporary and goes away with the run. */
export interface Bench {
  readonly seed: ParleySeed
  readonly folder: string
  readonly pace: Pace
}

/** One thing to measure, by the name that `--only` takes. */
export interface Workload {
  readonly name: string
  /** Registered users that it needs. */
  readonly users: number
  measure(bench: Bench): Promise<Report>
}
