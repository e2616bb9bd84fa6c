/**
 * A conversation of two in the terminal over `socketio-conversations`: finds or makes it over REST,
 * joins it, prints what happens there, and sends each line that is typed. Runs with Node and with
 * Bun. How to: README.md beside this file.
 *
 * TOKEN   an access token
 * WITH    the username of the other one
 * SERVER  http://localhost:3000
 */
import { createInterface } from "node:readline"
import { io } from "socket.io-client"

const { TOKEN: token, WITH: other, SERVER = "http://localhost:3000" } = process.env

/** This protocol counts users by number. */
const { numeric_id: userId } = await ask("/api/v1/users/me")
const found = await ask(`/api/v1/users?query=${encodeURIComponent(other ?? "")}`)
const receiver = found.find(({ username }) => username === other)
if (receiver === undefined) giveUp(`there is no user ${other}: name one in WITH`)

const conversation = await ask("/api/chats/conversations", {
  sender_id: userId,
  receiver_id: receiver.numeric_id,
})
const conversationId = conversation.id

const socket = io(new URL("/chat", SERVER).href, { auth: { token }, query: { userId } })
const nameOf = (id) => (id === userId ? "you" : other)

socket.on("connect_error", ({ message, data }) => {
  // Without `data` the server could not be reached, and the client tries again by itself.
  console.error(`not connected: ${message}`)
  if (data) process.exit(1)
})
socket.on("disconnect", (reason) => console.error(`disconnected: ${reason}`))
socket.on("error", ({ message }) => giveUp(`the server says: ${message}`))
socket.on("message-error", ({ error }) => settle(`! ${error}`))
socket.on("message-sent", ({ id }) => settle(`* message ${id} is stored`))

socket.on("receive-message", ({ sender_id, content }) =>
  console.log(`${nameOf(sender_id)}: ${content}`),
)
socket.on("user-typing", ({ isTyping }) => {
  if (isTyping) console.log(`* ${other} is typing`)
})
socket.on("user:online", (user) => {
  if (user.userId === receiver.numeric_id) console.log(`* ${other} is online`)
})
socket.on("user:offline", (user) => {
  if (user.userId === receiver.numeric_id) console.log(`* ${other} is offline`)
})

// Whoever is gone for a moment has to join again.
socket.on("connect", () => socket.emit("join-conversation", { conversationId, userId }))
socket.on("joined-conversation", () => {
  if (sending) return
  console.log(`in conversation ${conversationId}`)
  sending = sendLines()
})

let sending
let whenSettled

/** Sends what is typed until that ends. */
async function sendLines() {
  for await (const content of createInterface({ input: process.stdin })) {
    socket.emit("typing", { conversationId, userId, isTyping: true })
    await new Promise((resolve) => {
      whenSettled = resolve
      socket.emit("send-message", {
        sender_id: userId,
        conversation_id: conversationId,
        message_type: "text",
        content,
      })
    })
  }
  await socket.emitWithAck("leave-conversation", { conversationId })
  socket.disconnect()
}

/** A message was stored, or refused. */
function settle(words) {
  console.log(words)
  whenSettled?.()
}

async function ask(path, body) {
  const response = await fetch(new URL(path, SERVER), {
    method: body ? "POST" : "GET",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const answer = await response.json()
  if (!response.ok) giveUp(`${path} says ${response.status}: ${answer.detail}`)
  return answer
}

function giveUp(reason) {
  console.error(reason)
  process.exit(1)
}
