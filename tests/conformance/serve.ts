/**
 * What the official suites of Engine.IO v4 and Socket.IO v5 expect to find on port 3000 (or
 * `PORT`): an echo at `/engine.io/`, and a Socket.IO server of two namespaces at `/socket.io/`.
 * Source: engine.io-protocol v4 and socket.io-protocol v5, "Test suite".
 */
import { randomBytes } from "node:crypto"
import { Server as SocketIo } from "socket.io"
import { createEngineServer } from "../../src/wire/engine-io/server"
import type { EngineSocket } from "../../src/wire/engine-io/socket"

const port = Number(process.env.PORT ?? 3000)

const createEngine = (path: string) =>
  createEngineServer({
    path,
    pingIntervalMs: 300,
    pingTimeoutMs: 200,
    payloadBytesMax: 1_000_000,
    upgradeTimeoutMs: 1_000,
    bodyTimeoutMs: 5_000,
    closeTimeoutMs: 1_000,
    packetsPerPayloadMax: 1_000,
    bufferedBytesMax: 4_000_000,
    socketsMax: 10_000,
    newId: () => randomBytes(15).toString("base64url"),
    now: () => performance.now(),
    report: (err) => console.error(err),
  })

const echo = createEngine("/engine.io")
echo.on("connection", (socket: EngineSocket) => {
  socket.on("data", (data: string | Uint8Array) => socket.send(data))
})

const engine = createEngine("/socket.io")
const io = new SocketIo({ serveClient: false, connectTimeout: 1_000 })
io.bind(engine)
io.on("connection", (socket) => {
  socket.emit("auth", socket.handshake.auth)
  socket.on("message", (...args) => socket.emit("message-back", ...args))
  socket.on("message-with-ack", (...args) => {
    const acknowledge = args.pop()
    acknowledge(...args)
  })
})
io.of("/custom").on("connection", (socket) => socket.emit("auth", socket.handshake.auth))

/** As the sockets of the server itself: each is handled by the object that it carries. */
interface Carried {
  open(ws: Bun.ServerWebSocket<unknown>): void
  message(ws: Bun.ServerWebSocket<unknown>, input: string | Buffer): void
  drain(ws: Bun.ServerWebSocket<unknown>): void
  close(ws: Bun.ServerWebSocket<unknown>): void
}

const server = Bun.serve<Carried>({
  port,
  hostname: process.env.HOST ?? "localhost",
  idleTimeout: 60,
  fetch(request, server) {
    const address = server.requestIP(request)?.address ?? ""
    const { pathname } = new URL(request.url)
    const its = pathname.startsWith("/engine.io/") ? echo : engine
    return its.handleRequest(request, server, { address })
  },
  websocket: {
    idleTimeout: 0,
    sendPings: false,
    maxPayloadLength: 1_000_000,
    perMessageDeflate: false,
    open: (ws) => ws.data.open(ws),
    message: (ws, input) => ws.data.message(ws, input),
    drain: (ws) => ws.data.drain(ws),
    close: (ws) => ws.data.close(ws),
  },
})

console.log(`serving ${server.url}`)
