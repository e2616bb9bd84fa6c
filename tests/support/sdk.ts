import type { Api } from "../../src/client/api"
import { createFetchCarrier } from "../../src/client/carrier"
import type { Me } from "../../src/client/client"
import type { Clock } from "../../src/client/clock"
import { createConnection, type LiveConnection } from "../../src/client/connection/live-connection"
import { ParleyError } from "../../src/client/error"
import { createApi } from "../../src/client/rest/create-api"
import { createExchange } from "../../src/client/rest/exchange"
import { createRest } from "../../src/client/rest/rest"
import type { Identity } from "../../src/client/session/identity"
import { createSession } from "../../src/client/session/session"
import type { Storage } from "../../src/client/storage/storage"
import { createMemoryStorage } from "../../src/client/storage/storage.memory"
import type { Surroundings } from "../../src/client/surroundings"
import { PASSWORD } from "./people"
import { waitUntil } from "./wait"

/** Time of a client, which stands still but when a test moves it. */
export interface HandClock extends Clock {
  /** Moves it, and does what is due on the way, in its order. */
  advance(milliseconds: number): void
  /** How long until the next thing is due; null: nothing is. */
  readonly nextMs: number | null
}

export function createHandClock(): HandClock {
  let now = Date.now()
  const timers = new Set<{ readonly dueAt: number; readonly task: () => void }>()
  const next = () => [...timers].sort((a, b) => a.dueAt - b.dueAt)[0]
  return {
    now: () => now,
    after(milliseconds, task) {
      const timer = { dueAt: now + milliseconds, task }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    advance(milliseconds) {
      const until = now + milliseconds
      for (let due = next(); due !== undefined && due.dueAt <= until; due = next()) {
        now = Math.max(now, due.dueAt)
        timers.delete(due)
        due.task()
      }
      now = until
    },
    get nextMs() {
      const due = next()
      return due === undefined ? null : due.dueAt - now
    },
  }
}

/** A browser's news, told by a test. */
export interface HandSurroundings extends Surroundings {
  goOffline(): void
  goOnline(): void
  show(): void
}

export function createHandSurroundings(): HandSurroundings {
  const heard = {
    online: new Set<() => void>(),
    offline: new Set<() => void>(),
    visible: new Set<() => void>(),
  }
  let isOnline = true
  const on = (what: keyof typeof heard) => (listener: () => void) => {
    heard[what].add(listener)
    return () => void heard[what].delete(listener)
  }
  const tell = (what: keyof typeof heard) => {
    for (const listener of heard[what]) listener()
  }
  return {
    isOnline: () => isOnline,
    onOnline: on("online"),
    onOffline: on("offline"),
    onVisible: on("visible"),
    goOffline() {
      isOnline = false
      tell("offline")
    },
    goOnline() {
      isOnline = true
      tell("online")
    },
    show: () => tell("visible"),
  }
}

/** The parts of a client, where a test takes hold of them. */
export interface Parts {
  readonly identity: Identity
  readonly api: Api
  readonly connection: LiveConnection
  readonly clock: HandClock
  readonly surroundings: HandSurroundings
  /** What was asked over HTTP, as `POST /auth/login`. */
  readonly asked: string[]
  /** Errors by which sessions have ended. */
  readonly ended: ParleyError[]
  /** What happens to requests on their way. */
  network: (asked: string) => "pass" | "lose"
  register(name: string): Promise<Me>
  /** Starts the connection and waits until it is live. */
  goLive(): Promise<void>
}

export interface PartsOptions {
  readonly storage?: Storage
  readonly clock?: HandClock
  readonly random?: () => number
  readonly fetch?: typeof fetch
  readonly WebSocket?: typeof WebSocket
  readonly sendsCookies?: boolean
}

export function openParts(url: string, options: PartsOptions = {}): Parts {
  const { storage = createMemoryStorage(), clock = createHandClock(), random = () => 0 } = options
  const surroundings = createHandSurroundings()
  const asked: string[] = []
  const ended: ParleyError[] = []
  const send = createFetchCarrier(options.fetch ?? fetch)
  const exchange = createExchange({
    url,
    clock,
    carry: (request) => {
      const what = `${request.method} ${new URL(request.url).pathname.replace("/api/v1", "")}`
      asked.push(what)
      if (parts.network(what) === "pass") return send(request)
      throw new ParleyError("offline", "lost on the way")
    },
    carryFiles: send,
  })
  const identity = createSession({ exchange, storage, clock, onEnded: (it) => ended.push(it) })
  const rest = createRest(exchange, identity)
  const connection = createConnection({
    url: `${url.replace("http", "ws")}/api/v1/ws`,
    WebSocket: options.WebSocket ?? WebSocket,
    credentials: identity,
    sendsCookies: options.sendsCookies ?? false,
    clock,
    random,
    surroundings,
  })
  const parts: Parts = {
    identity,
    api: createApi({ rest, exchange, onMe: identity.noteMe }),
    connection,
    clock,
    surroundings,
    asked,
    ended,
    network: () => "pass",
    register: (username) => identity.register({ username, password: PASSWORD }),
    async goLive() {
      connection.start()
      await untilStatus(connection, "live")
    },
  }
  return parts
}

export const untilStatus = (
  { state }: Pick<LiveConnection, "state">,
  status: LiveConnection["state"]["value"]["status"],
): Promise<void> => waitUntil(`it is ${status}`, () => state.value.status === status)

/** What a call was refused with. */
export async function refusalOf(task: Promise<unknown>): Promise<ParleyError> {
  try {
    await task
  } catch (error) {
    if (error instanceof ParleyError) return error
    throw error
  }
  throw new Error("it was not refused")
}
