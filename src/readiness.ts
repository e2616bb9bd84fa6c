import type { WriteHealth } from "./ops/write-health"
import { ChatError } from "./protocol/errors"
import { type Instant, SYSTEM_NUMERIC_ID } from "./protocol/ids"
import type { Store } from "./store"

export interface ReadinessDeps {
  readonly store: Store
  readonly writeHealth: WriteHealth
  readonly isDraining: () => boolean
  readonly now: () => Instant
}

/**
 * Says by an error what the server lacks to work: `overloaded` while it stops, and when the
 * database does not answer or does not store. Asking costs a read. Only after a write has
 * failed is one tried here: else a server that gets no requests because it is not ready would
 * never learn that it is.
 */
export function createReadiness({ store, writeHealth, isDraining, now }: ReadinessDeps) {
  return async function checkReady(): Promise<void> {
    if (isDraining()) throw notReady("the server is stopping")
    try {
      await store.read(store.users.findByNumber(SYSTEM_NUMERIC_ID))
    } catch (cause) {
      throw notReady("the database does not answer", cause)
    }
    if (!writeHealth.isStuck()) return
    try {
      await store.write(function* () {
        // Another value each time: SQLite stores nothing where a row stays what it is.
        yield* store.users.setLastSeen(SYSTEM_NUMERIC_ID, now())
        return { result: undefined, events: [] }
      })
    } catch (cause) {
      throw notReady("nothing can be stored", cause)
    }
  }
}

const notReady = (detail: string, cause?: unknown) => new ChatError("overloaded", { detail, cause })
