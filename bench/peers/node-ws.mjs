/** The usual chat server on Node: the package `ws` and a loop of `send` over the room. */
import { createServer } from "node:http"
import { WebSocketServer } from "ws"

/** @type {Map<string, Set<import("ws").WebSocket>>} */
const rooms = new Map()

const http = createServer()
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false })

sockets.on("connection", (socket, request) => {
  const name = new URL(request.url ?? "/", "http://localhost").searchParams.get("room") ?? ""
  const room = rooms.get(name) ?? new Set()
  rooms.set(name, room)
  room.add(socket)
  socket.on("message", (data) => {
    for (const member of room) member.send(data, { binary: false })
  })
  socket.on("close", () => room.delete(socket))
})

http.listen({ host: "127.0.0.1", port: 0, backlog: 1024 }, () => {
  console.log(`listening on http://127.0.0.1:${http.address().port}`)
})
