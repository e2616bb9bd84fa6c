import type { Server } from "bun"
import { type Ask, readAsk } from "./ask"
import { type HandshakeRequest, handshakeRequest } from "./handshake-request"
import { closingIfAsked } from "./keep-alive"
import { type Listener, Listeners } from "./listeners"
import { Newcomer } from "./newcomer"
import { encodePacket } from "./packet"
import { Pollers } from "./pollers"
import { payloadResponse } from "./polling"
import { answerPoll, answerPost } from "./polls"
import { refusalResponse } from "./refusal"
import { type EngineSettings, sweepPeriodMs } from "./settings"
import { EngineSocket } from "./socket"
import type { Surroundings } from "./surroundings"
import { WebSocketTransport } from "./websocket"

export interface EngineOptions extends EngineSettings {
  /** Of the requests that are the engine's: `/socket.io`. A slash at its end is the same. */
  readonly path: string
  /**
   * Whether a session may be opened: null, or the answer that refuses it; a text is told with 403.
   * Asked once for each session, before there is anything of it.
   */
  readonly allowRequest?: (
    request: Request,
    from: { readonly address: string },
  ) => Verdict | Promise<Verdict>
  /** Nobody may guess one: 15 random bytes or more. */
  readonly newId: () => string
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
  /** What a listener or `allowRequest` threw. */
  readonly report: (err: unknown) => void
}

export type Verdict = null | string | Response

/** What of Bun's server the engine needs. */
export type EngineHost = Pick<Server<unknown>, "upgrade" | "timeout">

/**
 * A server of Engine.IO 4 on Bun, to which Socket.IO is bound (`io.bind(engine)`). It opens no
 * port: requests are handed to it. Event: `connection` (socket, request).
 * Source: engine.io-protocol v4.
 */
export function createEngineServer(options: EngineOptions) {
  const { newId, now, report } = options
  const listeners = new Listeners()
  const sockets = new Map<string, EngineSocket>()
  const pollers = new Pollers()
  const periodMs = sweepPeriodMs(options)
  const path = withoutSlash(options.path)
  const around: Surroundings = { settings: options, pollers, now, forget, report }
  let timer: ReturnType<typeof setInterval> | null = null
  let sweptAt = now()
  let isClosed = false

  const engine = {
    /** Settings, under the names by which plugins of the official engine look for them. */
    opts: { pingInterval: options.pingIntervalMs, pingTimeout: options.pingTimeoutMs },

    get clientsCount(): number {
      return sockets.size
    },

    /** All sessions, in the order in which they came. */
    sockets: (): Iterable<EngineSocket> => sockets.values(),

    /** Undefined: it has become a WebSocket. Never rejects. */
    handleRequest,

    /** To those who follow a topic and poll; the host publishes to WebSockets itself. */
    publishToPollers: (topic: string, frame: string): number => pollers.publish(topic, frame),

    /** How many of those who poll follow a topic; of WebSockets the host knows. */
    countPollers: (topic: string): number => pollers.count(topic),

    /** Pings and ends what is due. A timer calls it while there are sessions. */
    sweep,

    /** Ends all sessions as a server that stops does: who polls gets a moment to hear of it. */
    close(): void {
      isClosed = true
      for (const socket of [...sockets.values()]) socket.close()
    },

    /** Ends all sessions at once. */
    discard(): void {
      isClosed = true
      for (const socket of [...sockets.values()]) socket.close(true)
    },

    on(event: string, listener: Listener) {
      listeners.add(event, listener)
      return engine
    },
    once(event: string, listener: Listener) {
      listeners.addOnce(event, listener)
      return engine
    },
    off(event: string, listener: Listener) {
      listeners.remove(event, listener)
      return engine
    },
    removeListener(event: string, listener: Listener) {
      listeners.remove(event, listener)
      return engine
    },
    emit: (event: string, ...args: readonly unknown[]): boolean =>
      listeners.emit(event, args, report),
  }
  return engine

  async function handleRequest(
    request: Request,
    server: EngineHost,
    from: { readonly address: string },
  ): Promise<Response | undefined> {
    return closingIfAsked(request, await answer(request, server, from))
  }

  function answer(
    request: Request,
    server: EngineHost,
    from: { readonly address: string },
  ): Response | undefined | Promise<Response | undefined> {
    const url = new URL(request.url)
    if (withoutSlash(url.pathname) !== path) return new Response(null, { status: 404 })
    const ask = readAsk({
      method: request.method,
      query: url.searchParams,
      wantsWebSocket: request.headers.get("upgrade")?.toLowerCase() === "websocket",
    })
    if (ask.kind === "refused") return refusalResponse(ask.refusal)
    if (ask.kind === "open") return open({ ask, request, url, server, ...from })
    const socket = find(ask.sid)
    if (socket === undefined) return refusalResponse("unknownSession")
    if (ask.kind === "poll") {
      // It waits for as long as there is nothing to say: until the next ping at most.
      server.timeout(request, 0)
      return answerPoll(socket, request)
    }
    if (ask.kind === "post") return answerPost(socket, request, options)
    const webSocket = new WebSocketTransport(options.payloadBytesMax)
    // One too many has no owner and is closed as soon as it opens: that is how the official
    // server tells such a client, and not by refusing its handshake.
    if (socket.isUpgradable) socket.beginUpgrade(webSocket)
    if (server.upgrade(request, { data: webSocket })) return undefined
    webSocket.owner?.onGone("transport error")
    return refusalResponse("badRequest")
  }

  interface Opening {
    readonly ask: Extract<Ask, { kind: "open" }>
    readonly request: Request
    readonly url: URL
    readonly server: EngineHost
    readonly address: string
  }

  async function open(opening: Opening): Promise<Response | undefined> {
    const { ask, request, url, server, address } = opening
    const refused = await verdictOn(request, address)
    if (refused !== null) return refused
    if (isClosed || sockets.size >= options.socketsMax) return refusalResponse("full")
    const handshake = handshakeRequest(request, url, address)
    if (ask.transport === "polling") {
      const socket = accept(handshake, null)
      const answer = payloadResponse([openPacket(socket.id, ["websocket"])])
      listeners.emit("connection", [socket, handshake], report)
      return answer
    }
    const webSocket = new WebSocketTransport(options.payloadBytesMax)
    webSocket.owner = new Newcomer(() => {
      const socket = accept(handshake, webSocket)
      webSocket.send(openPacket(socket.id, []))
      listeners.emit("connection", [socket, handshake], report)
    })
    return server.upgrade(request, { data: webSocket }) ? undefined : refusalResponse("badRequest")
  }

  async function verdictOn(request: Request, address: string): Promise<Response | null> {
    try {
      const verdict = (await options.allowRequest?.(request, { address })) ?? null
      return typeof verdict === "string" ? refusalResponse("forbidden", verdict) : verdict
    } catch (err) {
      report(err)
      return refusalResponse("forbidden")
    }
  }

  function accept(request: HandshakeRequest, webSocket: WebSocketTransport | null): EngineSocket {
    const socket = new EngineSocket({ id: newId(), request, webSocket, around })
    sockets.set(socket.id, socket)
    if (timer === null) {
      sweptAt = now()
      timer = setInterval(sweep, periodMs)
      timer.unref()
    }
    return socket
  }

  /** Looked at before it answers: an overdue session does not live until the next sweep. */
  function find(sid: string): EngineSocket | undefined {
    sockets.get(sid)?.look(now(), false)
    return sockets.get(sid)
  }

  function sweep(): void {
    const at = now()
    // We stood still ourselves: the pongs of everybody may be waiting behind this timer.
    const forgives = at - sweptAt > 2 * periodMs + 50
    sweptAt = at
    for (const socket of sockets.values()) socket.look(at, forgives)
  }

  function forget(socket: EngineSocket): void {
    sockets.delete(socket.id)
    if (sockets.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }

  function openPacket(sid: string, upgrades: readonly string[]) {
    const { pingIntervalMs, pingTimeoutMs, payloadBytesMax } = options
    const told = {
      sid,
      upgrades,
      pingInterval: pingIntervalMs,
      pingTimeout: pingTimeoutMs,
      maxPayload: payloadBytesMax,
    }
    return encodePacket("open", JSON.stringify(told))
  }
}

const withoutSlash = (path: string) => path.replace(/\/$/, "")
