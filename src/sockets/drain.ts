import type { Connection } from "./connection"
import type { Connections } from "./connections"

export interface DrainDeps {
  readonly connections: Connections
  readonly stopSweep: () => void
}

/** Clients come back spread over this, so that the next server is not overrun. */
const RECONNECT_SPREAD_MS = 5_000

/** At this pace connections are closed, so that the last frames of each still get out. */
const CLOSES_PER_MS = 2

/**
 * Says goodbye: every client is told that the server is going and when to come back, then
 * connections close with 4001, a few at a time and all of them within `drainMs`.
 */
export function createDrain({ connections, stopSweep }: DrainDeps) {
  return async function drain(drainMs: number): Promise<void> {
    const leaving = [...connections.all]
    for (const [index, connection] of leaving.entries()) {
      announce(connection, Math.round(((index + 1) / leaving.length) * RECONNECT_SPREAD_MS))
    }
    const spreadMs = Math.min(leaving.length / CLOSES_PER_MS, drainMs / 2)
    const startedAt = performance.now()
    for (const [index, connection] of leaving.entries()) {
      const dueAt = startedAt + (index / leaving.length) * spreadMs
      if (performance.now() < dueAt) await Bun.sleep(dueAt - performance.now())
      if (connection.pendingFrames === 0) connection.end("shutdown")
    }
    // Those whose frames are being carried out hear the answers first, if it does not take long.
    const isAnswering = () => leaving.some((it) => it.isOpen && it.pendingFrames > 0)
    while (isAnswering() && performance.now() - startedAt < drainMs / 2) await Bun.sleep(5)
    for (const connection of leaving) connection.end("shutdown")
    while (connections.all.size > 0 && performance.now() - startedAt < drainMs) await Bun.sleep(5)
    stopSweep()
  }
}

function announce(connection: Connection, reconnectAfterMs: number): void {
  const frame = connection.voice.encodeSignal({ type: "draining", reconnectAfterMs })
  if (frame !== null) connection.send(frame)
}
