/**
 * A chat in the terminal over `socketio-rooms`: joins a room, prints what happens there, and sends
 * each line that is typed. Runs with Node and with Bun. How to: README.md beside this file.
 *
 * TOKEN   an access token
 * ROOM    the name of a room; one that does not exist is made: general
 * SERVER  http://localhost:3000
 */
import { createInterface } from "node:readline"
import { io } from "socket.io-client"

const { TOKEN: token, ROOM: roomId = "general", SERVER = "http://localhost:3000" } = process.env

const socket = io(new URL("/chat", SERVER).href, { auth: { token } })

socket.on("connect_error", ({ message, data }) => {
  // Without `data` the server could not be reached, and the client tries again by itself.
  console.error(`not connected: ${message}${data ? ". Is TOKEN right?" : ""}`)
  if (data) process.exit(1)
})
socket.on("disconnect", (reason) => console.error(`disconnected: ${reason}`))
socket.on("error", ({ statusCode, message }) => console.error(`! ${statusCode} ${message}`))

socket.on("roomUsers", ({ users }) =>
  console.log(`* here: ${users.map(({ username }) => username).join(", ")}`),
)
socket.on("userJoined", ({ username }) => console.log(`* ${username} came`))
socket.on("userLeft", ({ username }) => console.log(`* ${username} went`))
socket.on("userTyping", ({ username, isTyping }) => {
  if (isTyping) console.log(`* ${username} is typing`)
})
// Escaped for pages: &, <, >, " and ' come as entities.
socket.on("receiveMessage", ({ author, content }) => console.log(`${author.username}: ${content}`))

// Whoever is gone for a moment has to join again.
socket.on("connect", async () => {
  const answer = await socket.emitWithAck("joinRoom", { roomId })
  if (!answer.success) process.exit(1)
  console.log(`joined ${roomId}`)
  if (sending === undefined) sending = sendLines()
})

let sending

/** Sends what is typed until that ends. */
async function sendLines() {
  for await (const content of createInterface({ input: process.stdin })) {
    socket.emit("typing", { roomId, isTyping: true })
    await socket.emitWithAck("sendMessage", { roomId, content })
  }
  await socket.emitWithAck("leaveRoom", { roomId })
  socket.disconnect()
}
