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
      method:
        `Frames of ${contest.eventBytes} bytes. Parley's messages are stored and acknowledged. ` +
        "With only 32 deliveries a message, what Parley does once for each message (read, check, " +
        "insert, commit, encode, acknowledge) weighs as much as bare Bun's publishing: that is " +
        "the distance to it, and the CPU a delivery shows it. Both sides share two cores with " +
        "the load, so the commit's own I/O takes time from both.",
      tables: [table],
      verdicts,
    }
  },
}
