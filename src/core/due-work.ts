import { ChatError } from "../protocol/errors"
import type { Instant } from "../protocol/ids"

/** What is due is found within so long, however the clock of the server is set. */
export const LOOK_EVERY_MS = 1_000

/** Between two turns of much work, others have theirs: clients that listen read what they are told. */
const PAUSE_MS = 25

export interface DueWorkDeps {
  /** Does some of what is due; answers when to come again, null: there is no hurry. */
  readonly turn: () => Promise<Instant | null>
  readonly now: () => Instant
  readonly onTrouble: (error: unknown) => void
  /** How long it is from one look to the next at the most; without it, a second. */
  readonly everyMs?: number | undefined
  /** Nodes that share a database come so much apart, by chance, so as not to do it at once. */
  readonly spreadMs?: number | undefined
}

/**
 * Work that falls due by the clock. The database knows what is due, so a server that was away
 * does it when it is back. One turn at a time; it never keeps the process alive.
 */
export function createDueWork({
  turn,
  now,
  onTrouble,
  everyMs = LOOK_EVERY_MS,
  spreadMs = 0,
}: DueWorkDeps) {
  let timer: Timer | undefined
  let current: Promise<void> = Promise.resolve()
  let isRunning = false

  async function take(): Promise<Instant | null> {
    try {
      return await turn()
    } catch (error) {
      // The database's trouble is told once, and not at every look.
      if (!(error instanceof ChatError && error.code === "overloaded")) onTrouble(error)
      return null
    }
  }

  async function run(): Promise<void> {
    const next = await take()
    if (isRunning) wait(next === null ? everyMs : next - now() + spreadMs * Math.random())
  }

  function wait(milliseconds: number): void {
    const waitMs = Math.min(Math.max(milliseconds, PAUSE_MS), everyMs)
    timer = setTimeout(() => {
      current = run()
    }, waitMs)
    timer.unref()
  }

  return {
    start(): void {
      isRunning = true
      current = run()
    },
    /** Settles when the turn that is under way has ended. */
    async stop(): Promise<void> {
      isRunning = false
      clearTimeout(timer)
      await current
    },
  }
}

export type DueWork = ReturnType<typeof createDueWork>
