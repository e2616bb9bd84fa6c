import type { Workload } from "../bench"
import { fiftyOutstanding, openChatContest } from "../chat-contest"
import type { Seating } from "../chat-server"
import { socketIo } from "../peers"
import { socketIoRooms } from "../protocols"
import { throughputTable } from "../throughput"

/** What a room of Socket.IO clients gains by Parley, which does for each message what a chat must. */
export const socketIo32: Workload = broadcast({
  name: "socketio-32",
  title: "Socket.IO: one room, 32 sockets, all send, 50 outstanding each",
  seating: { rooms: 1, connectionsPerRoom: 32, sendersPerRoom: 32, usersPerRoom: 32 },
})

export const socketIo1000: Workload = broadcast({
  name: "socketio-1000",
  title: "Socket.IO: one room, 1,000 sockets, 10 send, 50 outstanding each",
  seating: { rooms: 1, connectionsPerRoom: 1000, sendersPerRoom: 10, usersPerRoom: 40 },
})

interface Broadcast {
  readonly name: string
  readonly title: string
  readonly seating: Seating
}

function broadcast({ name, title, seating }: Broadcast): Workload {
  return {
    name,
    users: seating.usersPerRoom,
    measure: async (bench) => {
      const lineUp = { protocols: [socketIoRooms], peers: [socketIo] } as const
      await using contest = await openChatContest(bench, seating, lineUp)
      const played = await contest.play(
        fiftyOutstanding(bench.pace.secondsPerRound),
        bench.pace.rounds,
      )
      const { table, verdicts } = throughputTable(played, { "Socket.IO on Node": 6 })
      return {
        title,
        method:
          `Frames of ${contest.eventBytes} bytes, over Engine.IO's WebSocket transport on both ` +
          `sides. Parley's ${seating.usersPerRoom} users come with a token to the namespace ` +
          "`/chat` and `joinRoom`; each `sendMessage` is stored, acknowledged, told to its sender " +
          "as `messageSent` and to the room as `receiveMessage`. The peer asks nobody who they " +
          "are, stores nothing and passes the frame on.",
        tables: [table],
        verdicts,
      }
    },
  }
}
