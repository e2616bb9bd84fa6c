/**
 * A chat in the terminal over `room-commands`: joins a room, prints what happens there, and sends
 * each line that is typed. Runs with Node and with Bun. How to: README.md beside this file.
 *
 * TOKEN or API_KEY  who it is
 * ROOM              the id of a room; without it, a room is made
 * SERVER            http://localhost:3000
 */
import { createInterface } from "node:readline"
import WebSocket from "ws"

const { TOKEN, API_KEY, ROOM, SERVER = "http://localhost:3000" } = process.env
const address = new URL("/ws/chat", SERVER)
address.protocol = address.protocol.replace("http", "ws")

const ws = new WebSocket(address, {
  headers: API_KEY ? { "x-api-key": API_KEY } : { authorization: `Bearer ${TOKEN}` },
})
const send = (type, data) => ws.send(JSON.stringify({ type, data }))

let room = null
let waiting = 0

ws.on("open", () => {
  if (ROOM) send("join_room", { room_id: ROOM })
  else send("create_room", { name: "Made by an example", type: "public", max_users: 50 })
})

ws.on("message", (text) => {
  const frame = JSON.parse(String(text))
  switch (frame.type) {
    case "room_created":
      console.log(`made the room ${frame.data.id}`)
      send("join_room", { room_id: frame.data.id })
      return
    case "join":
    case "leave":
      console.log(`* ${frame.content}`)
      // The first of them is one's own, and the answer to join_room.
      if (room === null) sendLines(frame.room_id, frame.user_uuid)
      return
    case "text":
    case "system":
      console.log(`${frame.user_email}: ${frame.content}`)
      if (frame.user_uuid === me) waiting--
      break
    case "error":
      if (room === null) giveUp(`the server says: ${frame.data.message}`)
      console.log(`! ${frame.data.message}`)
      waiting--
  }
  leaveWhenDone()
})

ws.on("error", ({ message }) =>
  giveUp(`${address} did not let us in (${message}). Is TOKEN right?`),
)
ws.on("close", (code) => (isDone ? process.exit() : giveUp(`the server hung up (${code})`)))

let me = null
let isDone = false

/** Sends what is typed until that ends. */
function sendLines(id, user) {
  room = id
  me = user
  const lines = createInterface({ input: process.stdin })
  lines.on("line", (content) => {
    waiting++
    send("send_message", { type: "text", content, room_id: room })
  })
  lines.on("close", () => {
    isDone = true
    leaveWhenDone()
  })
}

/** Whoever sends something hears it too: until then it may be on its way. */
function leaveWhenDone() {
  if (isDone && waiting <= 0) ws.close()
}

function giveUp(reason) {
  console.error(reason)
  process.exit(1)
}
