import type { Workload } from "../bench"
import { fiftyOutstanding, openChatContest } from "../chat-contest"
import { throughputTable } from "../throughput"

/** A busy room: 32 members who all talk at once. */
export const room32: Workload = {
  name: "room-32",
  users: 32,
  measure: async (bench) => {
    await using contest = await openChatContest(bench, {
      rooms: 1,
      connectionsPerRoom: 32,
      sendersPerRoom: 32,
      usersPerRoom: 32,
    })
    const played = await contest.play(
      fiftyOutstanding(bench.pace.secondsPerRound),
      bench.pace.rounds,
    )
    const { table, verdicts } = throughputTable(played, {
      "bare Bun": 0.55,
      "Node ws": 15,
      "Socket.IO on Node": 15,
    })
    return {
      title: "One room, 32 members, all send, 50 outstanding each",
      method: `Frames of ${contest.eventBytes} bytes. Parley's messages are stored and acknowledged.`,
      tables: [table],
      verdicts,
    }
  },
}
