import type { Instant } from "../protocol/ids"

export type FrameVerdict = "pass" | "refuse" | "close"

const BURST_SECONDS = 10

/** A burst of refusals is forgotten over this time. */
const FORGIVEN_SECONDS = 60

/**
 * Counts raw frames of one connection, whatever they hold: a bucket that refills at
 * `framesPerSecond` and holds ten times that. Refusals are counted likewise: who gathers more of
 * them than a burst faster than they are forgotten, a burst a minute, is closed. So a client that
 * goes on at twice the rate is closed after a quarter of a minute, and one that is a little over
 * it never.
 */
export class FrameRate {
  private tokens: number
  private refilledAt: Instant
  private refused = 0

  constructor(
    private readonly framesPerSecond: number,
    now: Instant,
  ) {
    this.tokens = framesPerSecond * BURST_SECONDS
    this.refilledAt = now
  }

  take(now: Instant): FrameVerdict {
    const burst = this.framesPerSecond * BURST_SECONDS
    const seconds = (now - this.refilledAt) / 1000
    this.tokens = Math.min(burst, this.tokens + seconds * this.framesPerSecond)
    this.refused = Math.max(0, this.refused - (seconds * burst) / FORGIVEN_SECONDS)
    this.refilledAt = now
    if (this.tokens >= 1) {
      this.tokens--
      return "pass"
    }
    this.refused++
    return this.refused > burst ? "close" : "refuse"
  }

  /** It owes as much as nothing that waits in line should cost on top. */
  get isSpent(): boolean {
    return this.tokens < 0
  }

  /** Counts so many frames more for one that has passed: those to come wait, at most a burst. */
  spend(frames: number): void {
    this.tokens = Math.max(-this.framesPerSecond * BURST_SECONDS, this.tokens - frames)
  }
}
