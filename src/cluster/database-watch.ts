import { ChatError } from "../protocol/errors"

export interface DatabaseWatchDeps {
  /** Whether another process has changed anything since this was last asked. */
  readonly changedElsewhere: () => boolean | Promise<boolean>
  readonly onChange: () => Promise<void>
  readonly onTrouble: (error: unknown) => void
  /** How long it is from one look to the next; without it, a second. */
  readonly everyMs?: number
}

/** With the time that looking again takes: what another process ends, ends here within 2 s. */
const LOOK_EVERY_MS = 1_000

/**
 * Notices that another process, such as the command line beside a running server, has changed
 * the database. One look at a time: what changes during `onChange` is found at the next.
 */
export function createDatabaseWatch({
  changedElsewhere,
  onChange,
  onTrouble,
  everyMs = LOOK_EVERY_MS,
}: DatabaseWatchDeps) {
  let timer: Timer | undefined
  let current: Promise<void> | null = null
  let next: Promise<void> | null = null
  let isOwed = false

  async function lookOnce(): Promise<void> {
    try {
      isOwed = (await changedElsewhere()) || isOwed
      if (isOwed) await onChange()
      isOwed = false
    } catch (error) {
      // Tried again at the next look: a right that has ended must not live on by a failed read.
      // The database's trouble is told once, and not at every look.
      if (!(error instanceof ChatError && error.code === "overloaded")) onTrouble(error)
    }
  }

  async function look(): Promise<void> {
    if (current !== null) return
    current = lookOnce()
    await current
    current = null
  }

  /** One that begins after this call; all who ask for it while another is under way share it. */
  async function lookAfresh(): Promise<void> {
    if (current === null) return look()
    next ??= lookAfter(current)
    await next
  }

  async function lookAfter(earlier: Promise<void>): Promise<void> {
    await earlier
    next = null
    await look()
  }

  return {
    start(): void {
      timer = setInterval(look, everyMs)
    },
    stop: () => clearInterval(timer),
    look,
    lookAfresh,
  }
}

export type DatabaseWatch = ReturnType<typeof createDatabaseWatch>
