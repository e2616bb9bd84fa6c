import { createDatabaseWatch } from "./database-watch"
import type { Hearing } from "./hearing"
import { RECONCILE_MS } from "./timing"

export interface RightsWatchDeps {
  /** Null: there are no other nodes. */
  readonly hearing: Hearing | null
  /** Looks all rights up in the database by which sockets are open, and hear rooms. */
  readonly lookAgain: () => Promise<void>
  readonly onTrouble: (error: unknown) => void
  readonly everyMs?: number
}

/**
 * What ends a right is told to all nodes. A node that may not have heard it looks its rights up: at
 * once when something was missed, and every `RECONCILE_MS` for as long as it is cut off.
 */
export function createRightsWatch({
  hearing,
  lookAgain,
  onTrouble,
  everyMs = RECONCILE_MS,
}: RightsWatchDeps) {
  let hasMissed = false
  const watch = createDatabaseWatch({
    changedElsewhere: () => {
      const isDoubtful = hasMissed || hearing?.isUp === false
      hasMissed = false
      return isDoubtful
    },
    onChange: lookAgain,
    onTrouble,
    everyMs,
  })
  hearing?.on({
    missed: () => {
      hasMissed = true
      return watch.lookAfresh()
    },
  })

  return {
    start(): void {
      if (hearing !== null) watch.start()
    },
    stop: watch.stop,
    look: watch.look,
  }
}
