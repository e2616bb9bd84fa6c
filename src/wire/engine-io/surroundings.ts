import type { Pollers } from "./pollers"
import type { EngineSettings } from "./settings"
import type { EngineSocket } from "./socket"

/** What all sessions of an engine share: one object, to which each points. */
export interface Surroundings {
  readonly settings: EngineSettings
  readonly pollers: Pollers
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
  /** The session is no more. */
  readonly forget: (socket: EngineSocket) => void
  /** A listener threw. */
  readonly report: (err: unknown) => void
}
