import { asSessionId, type Instant } from "../protocol/ids"
import type { Store } from "../store"

export interface HousekeepingDeps {
  readonly store: Store
  readonly now: () => Instant
  readonly inBackground: (task: Promise<unknown>, name: string) => void
}

const DAY_MS = 86_400_000

/** Sessions that ended are kept so long, for whoever looks into what happened. */
const ENDED_SESSIONS_KEPT_MS = 30 * DAY_MS

/**
 * Throws out what nobody will ask for again, at start and then once a day. In small steps, each
 * a write of its own, so that the writes of others come between.
 */
export function createHousekeeping({ store, now, inBackground }: HousekeepingDeps) {
  let timer: Timer | undefined
  let isStopped = false

  async function purgeSessions(): Promise<void> {
    const endedBefore = now() - ENDED_SESSIONS_KEPT_MS
    let after = asSessionId("")
    while (!isStopped) {
      // Read first: a server with nothing to throw out writes nothing.
      const last = await store.read(store.endedSessions.findPageEnd(after))
      if (last === null) return
      if (await purgePage({ after, last, endedBefore })) after = last
    }
  }

  const purgePage = (range: Parameters<Store["endedSessions"]["purge"]>[0]): Promise<boolean> =>
    store.write(function* () {
      return { result: yield* store.endedSessions.purge(range), events: [] }
    })

  const run = () => inBackground(purgeSessions(), "purge ended sessions")

  return {
    start(): void {
      run()
      timer = setInterval(run, DAY_MS)
    },
    /** A step that is under way is finished by the store. */
    stop(): void {
      isStopped = true
      clearInterval(timer)
    },
  }
}

export type Housekeeping = ReturnType<typeof createHousekeeping>
