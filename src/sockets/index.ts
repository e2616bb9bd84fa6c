import type { Server as BunServer } from "bun"
import type { Addressing } from "../auth/address"
import type { Claims } from "../auth/claims"
import type { Identify } from "../auth/identify"
import type { Chat } from "../core/chat"
import type { Dialects } from "../dialects"
import type { Voice } from "../dialects/dialect"
import type { Log } from "../ops/log"
import type { Meters } from "../ops/meters"
import type { BusMessage, RoomRef } from "../protocol/events"
import type { Instant, UserNumericId } from "../protocol/ids"
import { createAudiences } from "./audiences"
import { createBacklog } from "./backlog"
import { NOT_ALL_TAKEN } from "./connection"
import { type ConnectionsElsewhere, createConnections } from "./connections"
import { createDrain } from "./drain"
import { createEventStreams } from "./event-stream"
import { createExecute } from "./execute"
import { createFanOut } from "./fan-out"
import { createGate } from "./gate"
import { createHeads } from "./heads"
import { createJoining } from "./joining"
import { type Ordering, plainOrdering } from "./ordering"
import { createPlacement } from "./placement"
import { createReceive } from "./receive"
import { socketRoutes } from "./routes"
import { createSocketIo } from "./socket-io"
import { createSubscriptions } from "./subscriptions"
import { createSweep } from "./sweep"
import { createTellOnline } from "./tell-online"
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
  /** A client that takes nothing of what waits for it for so long is cut off. */
  readonly writeTimeoutMs: number
  /** Of Socket.IO. */
  readonly namespace: string
  /** How long it is from one look at all connections to the next; without it, a second. */
  readonly sweepMs: number | undefined
}

export interface SocketsDeps {
  readonly dialects: Dialects
  readonly chat: Chat
  readonly identify: Identify
  readonly claims: Claims
  readonly addressing: Addressing
  readonly settings: SocketSettings
  /** What frames wait for after this node stood still; null: it is alone. */
  readonly doubtRights: (() => Promise<void> | null) | null
  /** Null: this node is alone. */
  readonly elsewhere: ConnectionsElsewhere | null
  /** Null: events come from this server alone, and in order. */
  readonly ordering: Ordering | null
  /** Tells this node alone: its sockets, and whatever else heeds what happens. */
  readonly tellHere: (message: BusMessage) => void
  readonly meters: Meters
  readonly log: Log
  readonly now: () => Instant
  readonly newId: () => string
  readonly inBackground: (task: Promise<unknown>, name: string) => void
  /** Null until it listens. */
  readonly server: () => Pick<BunServer<unknown>, "publish" | "subscriberCount"> | null
}

/** Live connections of all protocols: how they open, what they are told, how they end. */
export function createSockets(deps: SocketsDeps) {
  const { dialects, chat, settings, now } = deps
  const voices: readonly Voice[] = [...dialects.raw, ...dialects.socketIo]
  const connections = createConnections({ ...settings, elsewhere: deps.elsewhere, now })
  const heads = createHeads(now)
  const ordering = deps.ordering ?? plainOrdering(heads)
  const audiences = createAudiences(ordering)
  const subscriptions = createSubscriptions({
    connections,
    audiences,
    presence: chat.presence,
    ordering,
    doubt: (user, room) => placement.doubt(user, room),
    now,
  })
  const placement = createPlacement({
    connections,
    subscriptions,
    places: chat.places,
    countPresent: chat.presence.countPresent,
    tell: deps.tellHere,
    inBackground: deps.inBackground,
  })
  const backlog = createBacklog({ connections, subscriptions, ...settings, now })
  let isDraining = false
  const gate = createGate({ ...settings, connections, isDraining: () => isDraining })
  const socketIo = createSocketIo({
    ...deps,
    ...settings,
    connections,
    guestsElsewhere: deps.elsewhere?.guests ?? null,
    gate,
    isDraining: () => isDraining,
  })
  const streams = createEventStreams({ ...deps, connections, gate })
  const publish = (topic: string, frame: string) => {
    const isTaken = deps.server()?.publish(topic, frame) !== NOT_ALL_TAKEN
    streams.publish(topic, frame)
    // Who polls takes nothing at once.
    if (socketIo.publishToPollers(topic, frame) > 0 || !isTaken) backlog.onPressure(frame)
  }
  const listenerCount = (topic: string) =>
    (deps.server()?.subscriberCount(topic) ?? 0) +
    socketIo.countPollers(topic) +
    streams.count(topic)
  const joining = createJoining({ chat, subscriptions, ordering, now })
  const execute = createExecute({ chat, subscriptions, joining, now })
  const receive = createReceive({
    ...deps,
    connections,
    subscriptions,
    backlog,
    execute,
    doubt: deps.doubtRights,
    messageCharsMax: settings.messageCharsMax,
  })
  const sweep = createSweep({
    ...settings,
    connections,
    heads,
    backlog,
    now,
    random: Math.random,
    everyMs: settings.sweepMs,
  })
  const sayGoodbye = createDrain({ connections, stopSweep: sweep.stop })
  const routes = socketRoutes({
    ...deps,
    dialects: dialects.raw,
    entering: chat.entering,
    connections,
    eventsOf: receive.eventsOf,
    publish,
    framesPerSecondMax: settings.framesPerSecondMax,
    gate,
  })
  const streamRoutes = streams.routes({
    chat,
    subscriptions,
    ordering,
    words: dialects.stream,
    events: receive.framelessEvents,
    publish,
  })
  socketIo.open({ dialects: dialects.socketIo, receive, publish })
  const tellOnline = createTellOnline({
    voices,
    connections,
    presence: chat.presence,
    publish,
    listenerCount,
    inBackground: deps.inBackground,
  })

  return {
    // Upgraded by hand, declared by Elysia's own `.ws()`: the address and the frames are the same.
    routes: routes.use(socketIo.routes).use(streamRoutes) as unknown as TypedSocketRoute,
    /** Where sockets are opened, by whatever protocol. */
    paths: [
      ...dialects.raw.flatMap(({ entrances }) => entrances.map(({ path }) => path)),
      ...socketIo.paths,
    ],
    fanOut: createFanOut({
      voices,
      connections,
      audiences,
      subscriptions,
      heads,
      slow: backlog.slow,
      tellOnline,
      publish,
      meters: deps.meters,
      listenerCount,
    }),
    actors: connections.actors,
    /** How often rights have ended or users have changed, as far as sockets were told. */
    changes: () => connections.changes,
    /** Who hears what is compared with the database, which may know more than was told here. */
    checkPlaces: placement.checkAll,
    doubt: (user: UserNumericId, room?: RoomRef) => placement.doubt(user, room),
    doubtAllIn: placement.doubtAllIn,
    start: sweep.start,
    /** The server is going, and takes no more connections. */
    isDraining: () => isDraining,
    async drain(drainMs: number): Promise<void> {
      isDraining = true
      const deadline = performance.now() + drainMs
      await sayGoodbye(drainMs)
      await socketIo.close(deadline - performance.now())
    },
  }
}
