import { Elysia } from "elysia"
import type { LivelyRoom, Statistics } from "../core/statistics"
import type { EdgeMeter } from "../ops/meters"
import { ChatError } from "../protocol/errors"
import type { Instant } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import { isoTime } from "../protocol/present"
import type { WebSocketHealth, WebSocketStats } from "../protocol/socketio-rooms-answers"
import { createOperators, type OperatorsDeps } from "./operators"

export interface SocketIoRoomsRoutesDeps extends OperatorsDeps {
  readonly statistics: Statistics
  readonly socketIo: SocketIoState
  readonly now: () => Instant
}

/** What of the server is told by the pages of `socketio-rooms`. */
export interface SocketIoState {
  /** On all nodes. */
  readonly readTotals: () => SocketIoCounts
  readonly namespace: string
  readonly origins: readonly string[]
  readonly features: WebSocketHealth["features"]
  /** A minute each; 0 = no limit. */
  readonly rates: { readonly messages: number; readonly joins: number; readonly typing: number }
}

/** What is counted of the protocols of the namespace together. */
export type SocketIoCounts = Readonly<Record<SocketIoCount, number>>

export const SOCKET_IO_COUNTS = ["current", "ended", "messages", "violations"] as const
export type SocketIoCount = (typeof SOCKET_IO_COUNTS)[number]

/** What this node has counted. */
export function countSocketIo(edges: readonly EdgeMeter[], name: SocketIoCount): number {
  const counts: Readonly<Record<SocketIoCount, (edge: EdgeMeter) => number>> = {
    current: ({ connections }) => connections,
    ended: ({ connectionSeconds }) => totalOf(connectionSeconds.counts()),
    messages: ({ messages }) => messages,
    violations: ({ errors }) => errors.rate_limited,
  }
  return edges.reduce((total, edge) => total + counts[name](edge), 0)
}

const WINDOW_MS = 60_000

/** `/websocket/health` and `/websocket/stats`. Errors: `unauthorized`, `not_found`. */
export function socketIoRoomsRoutes(deps: SocketIoRoomsRoutesDeps) {
  const { statistics, socketIo, now } = deps
  const operators = createOperators(deps)

  function health(): WebSocketHealth {
    const { users, rooms, typists } = statistics.countNow()
    const { namespace, origins, features, rates } = socketIo
    return {
      status: "healthy",
      timestamp: isoTime(now()),
      websocket: {
        namespace,
        corsOrigin: origins.join(","),
        connectedUsers: users,
        activeRooms: rooms,
        totalTypingUsers: typists,
      },
      features,
      rateLimits: {
        windowMs: WINDOW_MS,
        maxMessagesPerWindow: rates.messages,
        maxJoinsPerWindow: rates.joins,
        maxTypingEventsPerWindow: rates.typing,
      },
    }
  }

  async function stats(): Promise<WebSocketStats> {
    const { totalRooms, lively } = await statistics.readRooms(LIMITS.listLimitMax)
    const { current, ended, messages, violations } = socketIo.readTotals()
    return {
      timestamp: isoTime(now()),
      connections: { current, total: current + ended, totalDisconnections: ended },
      rooms: {
        active: statistics.countNow().rooms,
        totalCreated: totalRooms,
        details: lively.map(presentLively),
      },
      messages: { totalProcessed: messages },
      rateLimiting: { violations: violations },
    }
  }

  return new Elysia({ name: "socketio-rooms" })
    .get("/websocket/health", health)
    .get("/websocket/stats", ({ request, server }) => {
      if (!socketIo.features.metrics) {
        throw new ChatError("not_found", { detail: "this server tells no statistics" })
      }
      operators.refuseOthers(request, server)
      return stats()
    })
}

const totalOf = (counts: readonly number[]): number => counts.reduce((sum, it) => sum + it, 0)

const presentLively = ({ room, userCount, typistCount, lastActiveAt }: LivelyRoom) => ({
  roomId: room.id,
  userCount,
  typingUsers: typistCount,
  createdAt: isoTime(room.createdAt),
  lastActivity: isoTime(lastActiveAt),
})
