import type { ServerStats } from "../../client/api"

/** How far back the charts go, and so what is kept. */
export const WINDOW_MS = 5 * 60_000

/** What happened between two looks at the server, or how it was at the second one. */
export interface Sample {
  /** Epoch milliseconds, by the server's clock. */
  readonly at: number
  readonly messagesPerSecond: number
  readonly deliveriesPerSecond: number
  readonly memoryBytes: number
  readonly lagMs: number
  /** Of a commit, on average; null: there was none. */
  readonly commitMs: number | null
  readonly connections: Readonly<Record<string, number>>
}

export interface StatsLog {
  readonly latest: ServerStats | null
  /** Oldest first, as far back as the charts go. */
  readonly samples: readonly Sample[]
}

export const EMPTY_LOG: StatsLog = { latest: null, samples: [] }

/**
 * The log with one more look at the server. Counts become rates, so the first look gives no sample.
 * After a restart, and where another node answers, counts begin anew: so does the log.
 */
export function addStats({ latest, samples }: StatsLog, stats: ServerStats): StatsLog {
  const isContinued =
    latest !== null &&
    latest.started_at === stats.started_at &&
    stats.deliveries >= latest.deliveries
  if (!isContinued) return { latest: stats, samples: [] }
  const at = Date.parse(stats.time)
  const seconds = (at - Date.parse(latest.time)) / 1000
  if (seconds <= 0) return { latest, samples }
  const sample: Sample = {
    at,
    messagesPerSecond: (stats.messages.sent - latest.messages.sent) / seconds,
    deliveriesPerSecond: (stats.deliveries - latest.deliveries) / seconds,
    memoryBytes: stats.memory_bytes,
    lagMs: stats.event_loop_lag_ms,
    commitMs: meanBetween(latest.commits, stats.commits),
    connections: stats.connections,
  }
  const kept = samples.filter((it) => at - it.at <= WINDOW_MS)
  return { latest: stats, samples: [...kept, sample] }
}

type Commits = ServerStats["commits"]

/** From two means since the start, that of what lies between them. */
function meanBetween(before: Commits, after: Commits): number | null {
  const count = after.count - before.count
  if (count <= 0) return null
  return Math.max(0, (after.count * after.mean_ms - before.count * before.mean_ms) / count)
}

/** Protocols that anybody has used within the window, in the order in which the server tells them. */
export function protocolsIn(samples: readonly Sample[]): readonly string[] {
  const names = new Set(samples.flatMap((it) => Object.keys(it.connections)))
  return [...names].filter((name) => samples.some((it) => (it.connections[name] ?? 0) > 0))
}
