import type { Workload } from "../bench"
import { fiftyOutstanding, openChatContest } from "../chat-contest"
import { throughputTable } from "../throughput"

/** Many small rooms: little fan-out, so storing and acknowledging is nearly all there is. */
export const pairs64: Workload = {
  name: "pairs-64",
  users: 128,
  measure: async (bench) => {
    await using contest = await openChatContest(bench, {
      rooms: 64,
      connectionsPerRoom: 2,
      sendersPerRoom: 2,
      usersPerRoom: 2,
    })
    const played = await contest.play(
      fiftyOutstanding(bench.pace.secondsPerRound),
      bench.pace.rounds,
    )
    const { table, verdicts } = throughputTable(played, { "bare Bun": 0.15 })
    return {
      title: "64 rooms of 2, all send, 50 outstanding each",
      method:
        `Frames of ${contest.eventBytes} bytes. Parley's messages/s are durable and ` +
        "acknowledged; a peer's are passed on, nothing more. Two deliveries a message hide " +
        "nothing: the distance to bare Bun is the price of an insert, a commit and an answer.",
      tables: [table],
      verdicts,
    }
  },
}
