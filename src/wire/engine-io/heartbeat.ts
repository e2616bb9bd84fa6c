import type { EngineSettings } from "./settings"
import { sweepPeriodMs } from "./settings"

type Verdict = "fine" | "ping" | "dead"

/**
 * When a session is to be pinged, and until when it has to answer. No timers: one sweep asks all
 * sessions (`server.ts`), and two numbers for each are less than two timers.
 */
export class Heartbeat {
  private pingAt: number
  /** 0: no pong is owed. */
  private pongBy = 0

  constructor(now: number, settings: EngineSettings) {
    this.pingAt = now + settings.pingIntervalMs
  }

  ask(now: number, settings: EngineSettings): Verdict {
    if (this.pongBy > 0) return now >= this.pongBy ? "dead" : "fine"
    if (now < this.pingAt) return "fine"
    // From when the ping was due, unless this look is later than looks are: the client is not to
    // pay for it.
    const due = Math.max(this.pingAt, now - sweepPeriodMs(settings))
    this.pongBy = due + settings.pingTimeoutMs
    return "ping"
  }

  heard(now: number, settings: EngineSettings): void {
    this.pongBy = 0
    this.pingAt = now + settings.pingIntervalMs
  }
}
