import { randomBytes } from "node:crypto"
import type { ServerWebSocket } from "bun"
import { createEngineServer, type EngineOptions } from "../../src/wire/engine-io/server"
import type { EngineSocket } from "../../src/wire/engine-io/socket"
import { forgetServer } from "./strange"

/** What the server carries with each WebSocket, and calls. */
interface Carried {
  open(ws: ServerWebSocket<unknown>): void
  message(ws: ServerWebSocket<unknown>, input: string | Buffer): void
  drain(ws: ServerWebSocket<unknown>): void
  close(ws: ServerWebSocket<unknown>): void
}

export const ENGINE_SETTINGS = {
  path: "/engine.io",
  pingIntervalMs: 25_000,
  pingTimeoutMs: 20_000,
  payloadBytesMax: 1_000_000,
  upgradeTimeoutMs: 10_000,
  bodyTimeoutMs: 10_000,
  closeTimeoutMs: 10_000,
  packetsPerPayloadMax: 1_000,
  bufferedBytesMax: 2_000_000,
  socketsMax: 10_000,
}

export type EngineHost = ReturnType<typeof startEngine>

/** An engine on a port of its own, on a bare host. Closed by `using`. */
export function startEngine(changes: Partial<EngineOptions> = {}) {
  const reported: unknown[] = []
  const engine = createEngineServer({
    ...ENGINE_SETTINGS,
    newId: () => randomBytes(15).toString("base64url"),
    now: () => performance.now(),
    report: (err) => reported.push(err),
    ...changes,
  })
  const server = Bun.serve<Carried>({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 60,
    fetch: (request, server) =>
      engine.handleRequest(request, server, {
        address: server.requestIP(request)?.address ?? "",
      }),
    websocket: {
      idleTimeout: 0,
      sendPings: false,
      open: (ws) => ws.data.open(ws),
      message: (ws, input) => ws.data.message(ws, input),
      drain: (ws) => ws.data.drain(ws),
      close: (ws) => ws.data.close(ws),
    },
  })
  forgetServer(`http://127.0.0.1:${server.port}`)
  const path = changes.path ?? ENGINE_SETTINGS.path
  const sockets: EngineSocket[] = []
  const closes: string[] = []
  engine.on("connection", (socket: EngineSocket) => {
    sockets.push(socket)
    socket.on("close", (reason: string) => closes.push(reason))
  })
  return {
    engine,
    reported,
    /** All that ever came, in order. */
    sockets,
    /** Why sessions ended, in order. */
    closes,
    url: `http://127.0.0.1:${server.port}${path}/`,
    port: server.port ?? 0,
    /** To all who follow the topic, however they are connected. */
    publish(topic: string, frame: string): void {
      server.publish(topic, frame)
      engine.publishToPollers(topic, frame)
    },
    echo(): void {
      engine.on("connection", (socket: EngineSocket) => {
        socket.on("data", (data: string | Uint8Array) => socket.send(data))
      })
    },
    async [Symbol.asyncDispose]() {
      engine.discard()
      await server.stop(true)
    },
  }
}
