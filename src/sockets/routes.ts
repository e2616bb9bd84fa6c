import { Elysia } from "elysia"
import { type Addressing, networkOf } from "../auth/address"
import type { Claims } from "../auth/claims"
import type { Identify } from "../auth/identify"
import type { Entering } from "../core/entering"
import type { Arrival, Dialect, Entrance } from "../dialects/dialect"
import type { Actor } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import { asConnectionId, type Instant } from "../protocol/ids"
import { Connection, type ConnectionEvents, type Publish } from "./connection"
import type { Connections } from "./connections"
import type { Gate } from "./gate"

export interface SocketRoutesDeps {
  readonly dialects: readonly Dialect[]
  readonly identify: Identify
  readonly claims: Claims
  readonly entering: Entering
  readonly addressing: Addressing
  readonly connections: Connections
  readonly eventsOf: (dialect: Dialect) => ConnectionEvents
  readonly publish: Publish
  readonly framesPerSecondMax: number
  readonly gate: Gate
  readonly now: () => Instant
  readonly newId: () => string
}

/**
 * One route for each way into a protocol. Upgraded by hand and not by Elysia's `.ws()`, which
 * keeps more than twice the memory per connection and parses frames before we see them
 * (docs/decisions/0004).
 */
export function socketRoutes(deps: SocketRoutesDeps) {
  const { dialects, addressing, connections, gate, publish, now, newId } = deps
  const app = new Elysia({ name: "sockets" })

  for (const dialect of dialects) {
    const events = deps.eventsOf(dialect)
    for (const entrance of dialect.entrances) {
      app.get(entrance.path, async ({ request, server, query, params, set }) => {
        if (request.headers.get("upgrade")?.toLowerCase() !== "websocket" || server === null) {
          throw new ChatError("invalid_request", { detail: "this address speaks WebSocket only" })
        }
        gate.refuseIfDraining()
        const address = addressing.addressOf(request, server)
        gate.refuseAddress(address)
        const arrival = readArrival(dialect, params)
        const urlToken = query.token ?? null
        const newcomer = { dialect, entrance, arrival, headers: request.headers, urlToken }
        let changes: number
        let actor: Actor | null
        do {
          changes = connections.changes
          actor = await admitArrival(newcomer)
          // What ended while we looked did not end this connection: it was not there yet.
        } while (connections.changes !== changes)
        // Asked again: who opens now would have missed the goodbye.
        gate.refuseIfDraining()
        refuseUpgrade(dialect, actor)
        // Once more: others from there may have opened while we looked who this is.
        gate.refuseAddress(address)
        const connection = new Connection({
          id: asConnectionId(newId()),
          voice: dialect,
          actor,
          arrival: arrival.command,
          isPinged: true,
          address: networkOf(address),
          openedAt: now(),
          framesPerSecondMax: deps.framesPerSecondMax,
          events,
          publish,
        })
        // Counted before it opens: of many upgrades at once each sees the others.
        connections.add(connection)
        const isUpgraded = server.upgrade(request, {
          data: connection,
          headers: subprotocolHeader(dialect, request),
        })
        if (isUpgraded) {
          // Bun has answered already. For those who count answers.
          set.status = 101
          return undefined
        }
        connections.remove(connection)
        throw new ChatError("invalid_request", { detail: "the WebSocket handshake is malformed" })
      })
    }
  }
  return app

  /**
   * Who comes, who may be in the room that they come for. Null: it will say who it is. A refusal
   * is still an answer to a request, which tells more than a connection that closes.
   */
  async function admitArrival(newcomer: Newcomer): Promise<Actor | null> {
    const actor = await whoIs(newcomer)
    const { command } = newcomer.arrival
    refuseUpgrade(newcomer.dialect, actor)
    if (actor !== null && command !== null) await deps.entering.enterRoom(actor, command)
    return actor
  }

  async function whoIs({ entrance, arrival, headers, urlToken }: Newcomer): Promise<Actor | null> {
    const { identify, claims } = deps
    if (entrance.isForGateways) return identify.identifyGatewayRequest(headers)
    const actor = await identify.identifyRequest(headers, { urlToken })
    return arrival.claim === null ? actor : claims.checkClaim(actor, arrival.claim)
  }

  function refuseUpgrade(dialect: Dialect, actor: Actor | null): void {
    if (actor === null) {
      if (dialect.allowsLateAuthentication) return
      throw new ChatError("unauthorized")
    }
    gate.refuseUser(actor)
  }
}

interface Newcomer {
  readonly dialect: Dialect
  readonly entrance: Entrance
  readonly arrival: Arrival
  readonly headers: Headers
  readonly urlToken: string | null
}

/** Errors: `invalid_request`. */
function readArrival(dialect: Dialect, params: Readonly<Record<string, string>>): Arrival {
  const arrival = dialect.arrive(params)
  if (arrival instanceof ChatError) throw arrival
  return arrival
}

/** Never without the header: Bun then agrees to the first subprotocol that is offered. */
function subprotocolHeader({ subprotocol }: Dialect, request: Request): Record<string, string> {
  const offered = request.headers.get("sec-websocket-protocol")?.split(",") ?? []
  const isOffered = offered.some((it) => it.trim() === subprotocol)
  return { "sec-websocket-protocol": isOffered && subprotocol !== null ? subprotocol : "" }
}
