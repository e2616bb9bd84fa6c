/** Socket.IO on Node over WebSocket only, as it comes: its in-memory adapter, no compression. */
import { createServer } from "node:http"
import { Server } from "socket.io"

const http = createServer()
const io = new Server(http, { transports: ["websocket"], serveClient: false })

io.on("connection", (socket) => {
  const room = String(socket.handshake.query.room)
  socket.join(room)
  socket.on("message", (text) => io.to(room).emit("message", text))
})

http.listen({ host: "127.0.0.1", port: 0, backlog: 1024 }, () => {
  console.log(`listening on http://127.0.0.1:${http.address().port}`)
})
