import { Server, type Socket } from "socket.io"
import { networkOf } from "../../auth/address"
import type { SocketIoDialect, SocketIoInput } from "../../dialects/dialect"
import type { Log } from "../../ops/log"
import type { Actor } from "../../protocol/entities"
import { ChatError } from "../../protocol/errors"
import { asConnectionId, type Instant } from "../../protocol/ids"
import { LIMITS } from "../../protocol/limits"
import { EngineSocket } from "../../wire/engine-io/socket"
import { createParser } from "../../wire/socket-io/parser"
import { RoomlessAdapter } from "../../wire/socket-io/roomless-adapter"
import { Connection, type Publish } from "../connection"
import type { Connections } from "../connections"
import type { Receive } from "../receive"
import { type Admit, claimOf, connectError } from "./admission"
import type { Engine } from "./engine"
import { SessionLine } from "./line"
import type { Lobby } from "./lobby"

export interface NamespaceDeps {
  readonly name: string
  readonly dialects: readonly [SocketIoDialect, ...SocketIoDialect[]]
  readonly engine: Engine
  readonly lobby: Lobby
  readonly admit: Admit
  readonly connections: Connections
  readonly receive: Pick<Receive, "framelessEvents" | "onEvent">
  readonly publish: Publish
  readonly framesPerSecondMax: number
  readonly isDraining: () => boolean
  readonly inBackground: (task: Promise<unknown>, name: string) => void
  readonly log: Log
  readonly now: () => Instant
  readonly newId: () => string
}

/** Somebody who may come in, from then until Socket.IO has let them in. */
interface Pass {
  readonly connection: Connection
  /** `connections.changes`, when it was given. */
  readonly changes: number
  readonly revoke: () => void
}

/** Bytes in events are nobody's here: few enough are taken to answer that they are wrong. */
const ATTACHMENTS = { attachmentsMax: 10, attachmentBytesMax: LIMITS.frameBytesMax } as const

/**
 * The one namespace of Socket.IO, on the official server. Each of its sockets is a `Connection`
 * like that of a raw WebSocket: topics, queues, limits and presence are the same code.
 *
 * What Socket.IO calls is called from its own ticks, where an exception would end the process:
 * all of it is guarded.
 */
export function openNamespace(deps: NamespaceDeps): void {
  const { dialects, engine, lobby, connections, receive, publish, log, now, newId } = deps
  const [first, second = first] = dialects
  const passes = new WeakMap<Socket, Pass>()
  const arriving = new WeakSet<EngineSocket>()
  const io = new Server({
    serveClient: false,
    connectTimeout: LIMITS.authFrameMsMax,
    // A packet is a list around what a client says.
    parser: createParser({
      ...ATTACHMENTS,
      textBytesMax: LIMITS.frameBytesMax,
      depthMax: LIMITS.jsonDepthMax + 2,
    }),
    adapter: RoomlessAdapter,
  })
  io.bind(engine)
  // There is always a root; it is answered as every other that is none of ours.
  io.use((_socket, next) => next(new Error("Invalid namespace")))
  io.of(deps.name)
    .use((socket, next) => deps.inBackground(arrive(socket, next), "let a socket in"))
    .on("connection", (socket) => guard(() => open(socket)))

  function guard(task: () => void): void {
    try {
      task()
    } catch (err) {
      log.error({ err }, "something of a Socket.IO client failed")
    }
  }

  /** Calls `next` in any case: until then Socket.IO keeps the socket. */
  async function arrive(socket: Socket, next: (error?: Error) => void): Promise<void> {
    const session = sessionOf(socket)
    if (arriving.has(session) || !lobby.mayTry(session)) {
      // Socket.IO itself closes who joins what it has joined.
      session.close()
      next(new Error("Too many attempts"))
      return
    }
    arriving.add(session)
    try {
      await givePass(socket, session)
      next()
    } catch (error) {
      next(connectError(asRefusal(error)))
    } finally {
      arriving.delete(session)
    }
  }

  async function givePass(socket: Socket, session: EngineSocket): Promise<void> {
    let changes: number
    let actor: Actor
    do {
      changes = connections.changes
      actor = await deps.admit(socket, session)
      // What ended while we looked did not end this connection: it was not there yet.
    } while (connections.changes !== changes)
    if (session.readyState !== "open") return
    const connection = createConnection(session, actor)
    const revoke = () => connections.remove(connection)
    // Counted before it opens: of many at once each sees the others.
    connections.add(connection)
    session.on("close", revoke)
    passes.set(socket, { connection, changes: connections.changes, revoke })
  }

  const createConnection = (session: EngineSocket, actor: Actor): Connection =>
    new Connection({
      id: asConnectionId(newId()),
      voice: claimOf(session.request) === null ? first : second,
      actor,
      arrival: null,
      isPinged: false,
      address: networkOf(session.remoteAddress),
      openedAt: now(),
      framesPerSecondMax: deps.framesPerSecondMax,
      events: receive.framelessEvents,
      publish,
    })

  function asRefusal(error: unknown): ChatError {
    if (error instanceof ChatError) return error
    log.error({ err: error }, "a socket could not be let in")
    return new ChatError("internal", { cause: error })
  }

  function open(socket: Socket): void {
    const session = sessionOf(socket)
    const pass = passes.get(socket)
    passes.delete(socket)
    if (pass === undefined) throw new Error("a socket came in without a pass")
    session.off("close", pass.revoke)
    if (pass.changes !== connections.changes || deps.isDraining()) {
      // What ended meanwhile did not end this connection. It comes again and is looked at again.
      pass.revoke()
      session.close()
      return
    }
    const { connection } = pass
    takeEvents(socket, connection)
    session.on("drain", () => connection.drain())
    socket.on("disconnect", () => {
      guard(() => connection.close())
      // There is nothing else for it to be here for.
      session.close()
    })
    lobby.leave(session)
    connection.open(new SessionLine(socket, session))
  }

  /**
   * Taken where Socket.IO hands them over, and not by listeners: here an event that nobody has a
   * word for is seen too, and which acknowledgement it asks for.
   */
  function takeEvents(socket: Socket, connection: Connection): void {
    const onevent = (packet: EventPacket) =>
      guard(() => {
        if (!connection.isOpen) return
        const input = readInput(packet)
        receive.onEvent(connection, dialects.find((it) => it.speaks(input)) ?? first, input)
      })
    Object.assign(socket, { onevent })
  }
}

/** As much of Socket.IO's packet as is read; its types do not say what `onevent` is given. */
interface EventPacket {
  readonly data?: unknown
  readonly id?: number | undefined
}

function readInput({ data, id }: EventPacket): SocketIoInput {
  const [event, payload]: readonly unknown[] = Array.isArray(data) ? data : []
  return { event: String(event), payload, ackId: id }
}

function sessionOf({ conn }: Socket): EngineSocket {
  const session: unknown = conn
  if (session instanceof EngineSocket) return session
  throw new Error("this is no session of our engine")
}
