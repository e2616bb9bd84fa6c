import { notReached } from "../carrier"
import type { ConnectionState } from "../client"
import type { Clock } from "../clock"
import { codeOf } from "../error"
import { createLive } from "../live"
import type { Credential, Credentials } from "../session/credentials"
import type { Surroundings } from "../surroundings"
import { backoffMs, SETTLED_MS } from "./backoff"
import type { Asked, Connection, Told } from "./connection"
import { type EndReason, judgeEnding, judgeError, type Verdict } from "./ending"
import { type HeartWatch, watchHeart } from "./heart-watch"
import { type Ending, type Line, openLine } from "./line"
import { keepAuthenticated } from "./re-authentication"

export interface LiveConnectionDeps {
  /** `wss://…/api/v1/ws`. */
  readonly url: string
  readonly WebSocket: typeof WebSocket
  readonly credentials: Credentials
  /** A page's own server is asked with its cookies, which may be wrong though the token is good. */
  readonly sendsCookies: boolean
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  readonly surroundings: Surroundings
}

/** So long a server may take to say `hello`. */
const OPEN_MS = 15_000

/** So long it may take to close what it has refused. */
const GOODBYE_MS = 250

/** So many sockets in a row may not open before the cookie is suspected. */
const SUSPICIOUS_FAILURES = 2

/** What lasts from `start` to `stop`. */
interface Life {
  isOver: boolean
  failures: number
  /** What the server refused: another one is had before the next try. */
  refused: Credential | null
  isCookieRenewed: boolean
  /** When the server that went wanted us back; epoch milliseconds. */
  invitedAt: number | null
  line: Line | null
  /** The same, once one may ask on it. */
  open: Line | null
  watch: HeartWatch | null
  readonly deafen: readonly (() => void)[]
  /** Ends a pause before its time. */
  wake: () => void
}

export interface LiveConnection extends Connection {
  /** For good, until it is started again. */
  end(reason: EndReason): void
}

export function createConnection(deps: LiveConnectionDeps): LiveConnection {
  const { credentials, clock, surroundings } = deps
  const state = createLive<ConnectionState>({ status: "idle" })
  const told = new Set<(frame: Told) => void>()
  const resumers = new Set<() => Promise<void>>()
  let life: Life | null = null

  async function run(own: Life): Promise<void> {
    while (!own.isOver) {
      state.set({ status: "connecting" })
      const verdict = await attempt(own)
      if (own.isOver) return
      if (verdict.type === "ended") return end(own, { status: "ended", reason: verdict.reason })
      await pause(own, waitMs(own, verdict))
    }
  }

  /** One line, from before it opens to its end. */
  async function attempt(own: Life): Promise<Verdict> {
    let credential: Credential
    try {
      credential = await findCredential(own)
    } catch (error) {
      const isSignedOut = codeOf(error) === "unauthorized"
      return isSignedOut ? { type: "ended", reason: "session" } : judgeError(error)
    }
    if (own.isOver) return judgeError(null)
    const verdict = await hold(own, credential)
    if (verdict.type === "again" && verdict.isRefused) own.refused = credential
    if (verdict.type === "again" && !verdict.wasOpen && isCookieSuspected(own)) {
      own.refused = credential
      own.isCookieRenewed = true
    }
    return verdict
  }

  async function findCredential(own: Life): Promise<Credential> {
    const found = await (own.refused === null
      ? credentials.current()
      : credentials.renew(own.refused))
    own.refused = null
    return found
  }

  const isCookieSuspected = ({ failures, isCookieRenewed }: Life): boolean =>
    deps.sendsCookies && !isCookieRenewed && failures + 1 >= SUSPICIOUS_FAILURES

  async function hold(own: Life, credential: Credential): Promise<Verdict> {
    let openedAt: number | null = null
    const line = openLine({
      url: deps.url,
      WebSocket: deps.WebSocket,
      credential,
      onTold: (frame) => onTold(own, frame),
      onHeard: () => own.watch?.heard(),
    })
    own.line = line
    let stopAuthenticating: () => void = () => undefined
    try {
      const hello = await within(OPEN_MS, line, line.open())
      own.open = line
      own.watch = watchHeart(line, hello.heartbeat_ms, clock)
      stopAuthenticating = keepAuthenticated(credential, { line, credentials, clock })
      for (const resume of [...resumers]) await resume()
      own.isCookieRenewed = false
      openedAt = clock.now()
      if (!own.isOver) state.set({ status: "live" })
      return judgeEnding(await line.closed)
    } catch (error) {
      const code = codeOf(error)
      if (code !== "rate_limited") line.close()
      const ending = await goodbye(line)
      return code === "offline" || ending.code >= 4000 ? judgeEnding(ending) : judgeError(error)
    } finally {
      stopAuthenticating()
      own.watch?.stop()
      own.watch = null
      own.open = null
      own.line = null
      if (openedAt !== null && clock.now() - openedAt >= SETTLED_MS) own.failures = 0
    }
  }

  /** Where there are too many connections it is refused first, and then closed for good. */
  function goodbye(line: Line): Promise<Ending> {
    return within(GOODBYE_MS, line, line.closed)
  }

  /** A line that takes longer is closed. */
  async function within<T>(milliseconds: number, line: Line, task: Promise<T>): Promise<T> {
    const callOff = clock.after(milliseconds, () => line.close())
    try {
      return await task
    } finally {
      callOff()
    }
  }

  function onTold(own: Life, frame: Told): void {
    if (frame.type === "notice" && frame.data.kind === "draining") {
      own.invitedAt = clock.now() + frame.data.reconnect_after_ms
    }
    for (const listener of [...told]) listener(frame)
  }

  function waitMs(own: Life, { afterMs }: Extract<Verdict, { type: "again" }>): number {
    const { invitedAt } = own
    own.invitedAt = null
    const failures = own.failures++
    if (invitedAt !== null) return Math.max(invitedAt - clock.now(), 0)
    return afterMs + backoffMs(failures, deps.random)
  }

  async function pause(own: Life, milliseconds: number): Promise<void> {
    const retryAt = clock.now() + milliseconds
    tellWaiting(retryAt)
    await new Promise<void>((resolve) => {
      const callOff = clock.after(milliseconds, resolve)
      own.wake = () => {
        callOff()
        resolve()
      }
    })
    own.wake = () => undefined
  }

  const tellWaiting = (retryAt: number): void =>
    state.set({ status: "waiting", retryAt, isOnline: surroundings.isOnline() ?? true })

  function end(own: Life, last: ConnectionState): void {
    own.isOver = true
    own.line?.close()
    own.wake()
    for (const stop of own.deafen) stop()
    if (life === own) life = null
    state.set(last)
  }

  /** The network may have come back, or gone, or the machine has slept. */
  function lookAgain(): void {
    life?.wake()
    life?.watch?.probe()
  }

  function lookOffline(): void {
    const { value } = state
    if (value.status === "waiting") tellWaiting(value.retryAt)
    life?.watch?.probe()
  }

  return {
    state,
    start() {
      if (life !== null) return life.wake()
      life = {
        isOver: false,
        failures: 0,
        refused: null,
        isCookieRenewed: false,
        invitedAt: null,
        line: null,
        open: null,
        watch: null,
        wake: () => undefined,
        deafen: [
          surroundings.onOnline(lookAgain),
          surroundings.onVisible(lookAgain),
          surroundings.onOffline(lookOffline),
        ],
      }
      void run(life)
    },
    stop() {
      if (life === null) state.set({ status: "idle" })
      else end(life, { status: "idle" })
    },
    end(reason) {
      if (life !== null) end(life, { status: "ended", reason })
    },
    async ask<Type extends keyof Asked>(type: Type, data: Asked[Type]) {
      if (life === null || life.open === null) throw notReached()
      return life.open.ask(type, data)
    },
    onTold(listener) {
      told.add(listener)
      return () => void told.delete(listener)
    },
    onOpen(resume) {
      resumers.add(resume)
      return () => void resumers.delete(resume)
    },
  }
}
