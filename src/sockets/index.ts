import type { Server as BunServer } from "bun"
import type { Addressing } from "../auth/address"
import type { Identify } from "../auth/identify"
import type { Chat } from "../core/chat"
import type { Dialect } from "../dialects/dialect"
import type { Log } from "../ops/log"
import type { Meters } from "../ops/meters"
import type { Instant } from "../protocol/ids"
import { createBacklog } from "./backlog"
import { NOT_ALL_TAKEN } from "./connection"
import { createConnections } from "./connections"
import { createDrain } from "./drain"
import { createExecute } from "./execute"
import { createFanOut } from "./fan-out"
import { createHeads } from "./heads"
import { createReceive } from "./receive"
import { socketRoutes } from "./routes"
import { createSubscriptions } from "./subscriptions"
import { createSweep } from "./sweep"
import type { TypedSocketRoute } from "./typed-route"

export interface SocketSettings {
  readonly framesPerSecondMax: number
  readonly perUserMax: number
  readonly perAddressMax: number
  /** Whether connections from this very machine count towards `perAddressMax`. */
  readonly countsLoopback: boolean
  readonly messageCharsMax: number
  readonly pingPeriodMs: number
  readonly pongWaitMs: number
}

export interface SocketsDeps {
  readonly dialects: readonly Dialect[]
  readonly chat: Chat
  readonly identify: Identify
  readonly addressing: Addressing
  readonly settings: SocketSettings
  readonly meters: Meters
  readonly log: Log
  readonly now: () => Instant
  readonly newId: () => string
  /** Null until it listens. */
  readonly server: () => Pick<BunServer<unknown>, "publish" | "subscriberCount"> | null
}

/** Live connections of all protocols: how they open, what they are told, how they end. */
export function createSockets(deps: SocketsDeps) {
  const { dialects, chat, identify, settings, now } = deps
  const connections = createConnections(settings)
  const subscriptions = createSubscriptions({ connections, presence: chat.presence })
  const backlog = createBacklog({ connections, subscriptions, now })
  const publish = (topic: string, frame: string) => {
    if (deps.server()?.publish(topic, frame) === NOT_ALL_TAKEN) backlog.onPressure(frame)
  }
  const heads = createHeads(now)
  const execute = createExecute({ chat, subscriptions, now })
  const events = createReceive({
    ...deps,
    connections,
    subscriptions,
    backlog,
    execute,
    messageCharsMax: settings.messageCharsMax,
  })
  const sweep = createSweep({ connections, heads, backlog, ...settings, now, random: Math.random })
  let isDraining = false
  const sayGoodbye = createDrain({ connections, stopSweep: sweep.stop })
  const routes = socketRoutes({
    ...deps,
    identify,
    connections,
    events,
    publish,
    framesPerSecondMax: settings.framesPerSecondMax,
    countsLoopback: settings.countsLoopback,
    isDraining: () => isDraining,
  })

  return {
    // Upgraded by hand, declared by Elysia's own `.ws()`: the address and the frames are the same.
    routes: routes as unknown as TypedSocketRoute,
    fanOut: createFanOut({
      dialects,
      connections,
      subscriptions,
      heads,
      slow: backlog.slow,
      publish,
      meters: deps.meters,
      listenerCount: (topic) => deps.server()?.subscriberCount(topic) ?? 0,
    }),
    actors: connections.actors,
    start: sweep.start,
    /** The server is going, and takes no more connections. */
    isDraining: () => isDraining,
    drain(drainMs: number): Promise<void> {
      isDraining = true
      return sayGoodbye(drainMs)
    },
  }
}
