import { createLagWatch } from "./lag-watch"
import type { Meters } from "./meters"

export interface VitalsDeps {
  readonly meters: Meters
  readonly messagesPerSecond: () => number
  /** Who is there, on any node: users online, and rooms with somebody in them. */
  readonly present: () => { readonly users: number; readonly rooms: number }
  readonly version: string
  readonly now: () => number
}

/** How the server is doing, in a few figures: what `/metrics` tells in full. Times are instants. */
export function createVitals({ meters, messagesPerSecond, present, version, now }: VitalsDeps) {
  const lag = createLagWatch({ elapsedMs: () => performance.now() })
  const startedAt = now()

  return {
    read() {
      const { users, rooms } = present()
      const commits = meters.batchSeconds.counts().reduce((sum, own) => sum + own, 0)
      return {
        time: now(),
        startedAt,
        version,
        usersOnline: users,
        roomsOccupied: rooms,
        messages: { sent: meters.messages(), perSecond: messagesPerSecond() },
        connections: meters.edges().filter(({ edge }) => edge !== "rest"),
        deliveries: meters.deliveries,
        memoryBytes: process.memoryUsage.rss(),
        eventLoopLagMs: lag.read(),
        commits: {
          count: commits,
          meanMs: commits === 0 ? 0 : (meters.batchSeconds.sum() / commits) * 1000,
        },
      }
    },
    /** Watches no longer. */
    stop: lag.stop,
  }
}

export type Vitals = ReturnType<ReturnType<typeof createVitals>["read"]>
