import type { Instant } from "../protocol/ids"

export type FrameVerdict = "pass" | "refuse" | "close"

const BURST_SECONDS = 10

/**
 * Counts raw frames of one connection, whatever they hold: a bucket that refills at
 * `framesPerSecond` and holds ten times that. A client that goes on for as many frames again as
 * a burst, all refused, is closed.
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
    const refill = ((now - this.refilledAt) / 1000) * this.framesPerSecond
    this.tokens = Math.min(burst, this.tokens + refill)
    this.refilledAt = now
    if (this.tokens >= 1) {
      this.tokens--
      this.refused = 0
      return "pass"
    }
    this.refused++
    return this.refused > burst ? "close" : "refuse"
  }
}
