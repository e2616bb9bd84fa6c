import type { Subscriber } from "./following"
import { openPair, type RedisPair } from "./redis-pair"

export interface RedisLineDeps {
  readonly url: string
  /** Asked at each opening. */
  readonly channels: () => readonly string[]
  readonly heard: (text: string, channel: string) => void
  /** What was sent must come back within this time, or the line is dead. */
  readonly silentMs: number
  /** It can be spoken on. */
  readonly onOpen: () => void
  /** What was spoken has come back. */
  readonly onUp: () => void
  readonly onDown: (reason: string) => void
  /** All that was on its way may be lost. */
  readonly onGivenUp: () => void
  /** Redis has refused to carry something. */
  readonly onRefused: () => void
  readonly now: () => number
}

const RETRY_MS = { first: 50, last: 1_000 } as const
/** A line that was up for so long has not failed because it was opened. */
const STEADY_MS = 5_000
const OPEN_MS = 2_000
const GOODBYE_MS = 500

/** What Redis has not yet taken. More than that means that it takes nothing. */
const IN_FLIGHT_CHARS_MAX = 16 * 1024 * 1024

interface Line {
  readonly pair: RedisPair
  readonly openedAt: number
  readonly giveUp: (reason: unknown) => void
  inFlightChars: number
}

/**
 * A line to Redis that is opened again whenever it fails. It is up when what is said on it comes
 * back: a Redis that takes everything and delivers nothing is as good as none.
 */
export function createRedisLine(deps: RedisLineDeps) {
  const { url, heard, silentMs, now } = deps
  const counts = { dropped: 0, reconnections: 0 }
  let line: Line | null = null
  let isUp = false
  let hasBeenUp = false
  let isDownTold = false
  let isClosed = false
  let upAt = 0
  let ownHeardAt = 0
  let refusal: unknown = null
  let failures = 0
  let lastSent: Promise<void> = Promise.resolve()
  let stopWaiting: () => void = () => undefined
  const firstUp = Promise.withResolvers<void>()

  async function live(): Promise<unknown> {
    const over = Promise.withResolvers<unknown>()
    const channels = deps.channels()
    const pair = await openPair({ url, channels, heard, ended: over.resolve })
    if (isClosed) return pair.close()
    refusal = null
    line = { pair, openedAt: now(), giveUp: over.resolve, inFlightChars: 0 }
    deps.onOpen()
    const reason = await over.promise
    pair.close()
    return reason
  }

  async function keepOpen(): Promise<void> {
    while (!isClosed) {
      const reason = await failureOf(live())
      line = null
      if (isUp && now() - upAt > STEADY_MS) failures = 0
      isUp = false
      if (isClosed) return
      deps.onGivenUp()
      if (!isDownTold) deps.onDown(withoutSecrets(reason, url))
      isDownTold = true
      await retryTime()
    }
  }

  function retryTime(): Promise<void> {
    const ms = Math.min(RETRY_MS.first * 2 ** failures++, RETRY_MS.last)
    // All nodes have lost the same Redis at the same instant.
    return wait(ms * (0.5 + Math.random() / 2))
  }

  function wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, ms)
    stopWaiting = () => {
      clearTimeout(timer)
      resolve()
    }
    return promise
  }

  async function carry(on: Line, channel: string, text: string, wordCount: number) {
    on.inFlightChars += text.length
    try {
      await on.pair.publish(channel, text)
    } catch (error) {
      counts.dropped += wordCount
      refusal = error
      if (line === on) deps.onRefused()
    } finally {
      on.inFlightChars -= text.length
    }
  }

  return {
    counts,
    isUp: () => isUp,
    subscriber: (): Subscriber | null => line?.pair ?? null,
    /** False: it is lost. */
    send(channel: string, text: string, wordCount: number): boolean {
      if (line === null || line.inFlightChars > IN_FLIGHT_CHARS_MAX) {
        counts.dropped += wordCount
        return false
      }
      lastSent = carry(line, channel, text, wordCount)
      return true
    },
    heardOwn(): void {
      ownHeardAt = now()
      if (isUp || line === null) return
      isUp = true
      isDownTold = false
      upAt = now()
      if (hasBeenUp) counts.reconnections++
      hasBeenUp = true
      firstUp.resolve()
      deps.onUp()
    },
    lookForSilence(): void {
      if (line === null) return
      const silence = now() - Math.max(ownHeardAt, line.openedAt)
      if (silence > silentMs) line.giveUp(refusal ?? "what is sent does not come back")
    },
    giveUp: (reason: unknown) => line?.giveUp(reason),
    /** Resolves when it is up, or after a while when it is not. */
    async open(): Promise<void> {
      void keepOpen()
      await Promise.race([firstUp.promise, Bun.sleep(OPEN_MS)])
    },
    /** Waits a little for what was sent last. */
    async close(): Promise<void> {
      isClosed = true
      stopWaiting()
      if (line === null) return
      await Promise.race([lastSent, Bun.sleep(GOODBYE_MS)])
      line.giveUp("closed")
      isUp = false
    },
  }
}

/** With what a promise rejects; or its value, if it does not. */
async function failureOf(task: Promise<unknown>): Promise<unknown> {
  try {
    return await task
  } catch (error) {
    return error
  }
}

/** A Redis that is asked by a wrong password may well repeat it. */
function withoutSecrets(reason: unknown, url: string): string {
  const text = reason instanceof Error ? reason.message : String(reason)
  const { password } = new URL(url)
  const secrets = [password, decodeURIComponent(password)].filter((it) => it !== "")
  return secrets.reduce((told, secret) => told.replaceAll(secret, "***"), text)
}
