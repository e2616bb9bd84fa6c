import { Elysia } from "elysia"
import { type Addressing, networkOf } from "../../auth/address"
import type { Identify } from "../../auth/identify"
import type { Frame, StreamVoice } from "../../dialects/dialect"
import type { Log } from "../../ops/log"
import type { Actor } from "../../protocol/entities"
import { ChatError } from "../../protocol/errors"
import { asConnectionId, type Instant } from "../../protocol/ids"
import { EventsQuery } from "../../protocol/requests"
import { Pollers } from "../../wire/engine-io/pollers"
import { Connection, type ConnectionEvents, type Publish } from "../connection"
import type { Connections } from "../connections"
import type { Gate } from "../gate"
import { type CatchUpDeps, createCatchUp, type Newcomer } from "./catch-up"
import { createChunks } from "./chunk"
import { type Cursor, decodeCursor } from "./cursor"
import { Listener } from "./listener"
import { Standings } from "./standings"
import { EventStream } from "./stream"

export const EVENTS_PATH = "/api/v1/events"

export interface EventStreamsDeps {
  readonly identify: Identify
  readonly addressing: Addressing
  readonly connections: Connections
  readonly gate: Gate
  readonly log: Log
  readonly inBackground: (task: Promise<unknown>, name: string) => void
  readonly now: () => Instant
  readonly newId: () => string
}

export interface OpenStreamsDeps extends CatchUpDeps {
  readonly words: StreamVoice
  readonly events: ConnectionEvents
  readonly publish: Publish
}

/** A client that has lost the stream comes back after so long, unless it knows better. */
const RETRY_MS = 3_000

const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  // nginx and its like keep an answer back until they have some of it.
  "x-accel-buffering": "no",
} as const

/**
 * Server-Sent Events of all rooms of a user: a connection like that of a socket, in the same
 * protocol and the same audiences, of which all frames are told and none is taken.
 */
export function createEventStreams(deps: EventStreamsDeps) {
  const { connections, gate, now } = deps
  const pollers = new Pollers()
  const chunkOf = createChunks()

  /** Errors: `unauthorized`; `forbidden` for a foreign page; `rate_limited`. */
  async function admit(request: Request, address: string): Promise<Actor> {
    let changes: number
    let actor: Actor | null
    do {
      changes = connections.changes
      actor = await deps.identify.identifyRequest(request.headers)
      // What ended while we looked did not end this connection: it was not there yet.
    } while (connections.changes !== changes)
    if (actor === null) throw new ChatError("unauthorized")
    // Asked again: others may have come, and who opens now would have missed the goodbye.
    gate.refuseIfDraining()
    gate.refuseUser(actor)
    gate.refuseAddress(address)
    return actor
  }

  function open(
    { words, events, publish, ...rest }: OpenStreamsDeps,
    { actor, cursor, address, cutOffWithin }: Coming,
  ): EventStream {
    const openedAt = now()
    const connection = new Connection({
      id: asConnectionId(deps.newId()),
      voice: words.voice,
      actor,
      arrival: null,
      isPinged: true,
      address: networkOf(address),
      openedAt,
      framesPerSecondMax: 0,
      events,
      publish,
    })
    const standings = new Standings({
      cursor,
      openedAt,
      numberOf: (room) => connection.audienceOf(words.voice, room)?.room.numericId,
      now,
    })
    const write = (text: string) => stream.write(text)
    const listener = new Listener({ words, standings, chunkOf, write })
    const stream = new EventStream({
      words,
      pollers,
      onFrame: (frame: Frame) => listener.hear(frame),
      onTaken: () => {
        connection.pong()
        connection.drain()
      },
      onBacklog: () => events.onBacklog(connection),
      onEnd: () => connection.close(),
      cutOffWithin,
    })
    connections.add(connection)
    stream.write(`retry: ${RETRY_MS}\n\n`)
    connection.open(stream)
    const newcomer = { connection, actor, stream, listener, standings, cursor }
    deps.inBackground(catchUpOrEnd(rest, newcomer), "bring an event stream up to date")
    return stream
  }

  /** The client comes again by itself, from where it was. */
  async function catchUpOrEnd(rest: CatchUpDeps, newcomer: Newcomer): Promise<void> {
    try {
      await createCatchUp(rest)(newcomer)
    } catch (error) {
      newcomer.connection.end("interrupted")
      if (error instanceof ChatError) deps.log.warn({ err: error }, "an event stream was ended")
      else throw error
    }
  }

  const routes = (options: OpenStreamsDeps) =>
    new Elysia({ name: "event-streams" }).get(
      EVENTS_PATH,
      async ({ request, server, query }) => {
        if (server === null) throw new ChatError("internal", { detail: "there is no server" })
        gate.refuseIfDraining()
        const address = deps.addressing.addressOf(request, server)
        gate.refuseAddress(address)
        const actor = await admit(request, address)
        const cursor = readCursor(request.headers.get("last-event-id") || query.cursor)
        if (request.method === "HEAD") return new Response(null, { headers: HEADERS })
        // Nothing is heard of a client that listens: what is told to it shows that it is there.
        server.timeout(request, 0)
        const cutOffWithin = (seconds: number) => server.timeout(request, seconds)
        const stream = open(options, { actor, cursor, address, cutOffWithin })
        request.signal.addEventListener("abort", () => stream.gone())
        if (request.signal.aborted) stream.gone()
        return new Response(stream.body, { headers: HEADERS })
      },
      { query: EventsQuery },
    )

  return {
    routes,
    /** To those who listen by a stream: Bun publishes to WebSockets only. */
    publish(topic: string, frame: Frame): void {
      if (pollers.topics > 0) pollers.publish(topic, frame)
    },
    count: (topic: string): number => pollers.count(topic),
  }
}

interface Coming {
  readonly actor: Actor
  readonly cursor: Cursor | null
  readonly address: string
  readonly cutOffWithin: (seconds: number) => void
}

/**
 * A browser that comes again has the last cursor in the header, and in the address what it began
 * with. Errors: `invalid_request`.
 */
function readCursor(text: string | undefined): Cursor | null {
  if (text === undefined || text === "") return null
  const cursor = decodeCursor(text)
  if (cursor !== null) return cursor
  throw new ChatError("invalid_request", {
    problems: [{ path: "cursor", message: "is none of this server's, or damaged: leave it out" }],
  })
}
