import type { Bench, Workload } from "../bench"
import { type ChatContest, fiftyOutstanding, openChatContest, type Played } from "../chat-contest"
import { formatFigure, judge, type Verdict, verdictCells } from "../floor"
import type { Table } from "../report"
import { median, medianRatio } from "../statistics"
import { throughputTable } from "../throughput"

const messagesPerSecond = 150
// Twice a round's length: at 150 messages a second a percentile needs its time.
const openLoopStretch = 2

/** A large room in which few talk: what fan-out costs, and how late it is when unhurried. */
export const room1000: Workload = {
  name: "room-1000",
  users: 40,
  measure: async (bench) => {
    await using contest = await openChatContest(bench, {
      rooms: 1,
      connectionsPerRoom: 1000,
      sendersPerRoom: 10,
      usersPerRoom: 40,
    })
    const full = throughputTable(
      await contest.play(fiftyOutstanding(bench.pace.secondsPerRound), bench.pace.rounds),
      { "bare Bun": 0.85, "Node ws": 15 },
    )
    const paced = await openLoop(contest, bench)
    return {
      title: "One room, 1,000 members, 10 send",
      method:
        `Frames of ${contest.eventBytes} bytes; first with 50 outstanding for each sender, then ` +
        `in an open loop at ${messagesPerSecond} messages/s.`,
      tables: [full.table, paced.table],
      verdicts: [...full.verdicts, paced.verdict],
    }
  },
}

async function openLoop(
  contest: ChatContest,
  { pace }: Bench,
): Promise<{ table: Table; verdict: Verdict }> {
  const [parley, bareBun] = await contest.play(
    { type: "open-loop", seconds: pace.secondsPerRound * openLoopStretch, messagesPerSecond },
    pace.rounds,
    ["Parley", "bare Bun"],
  )
  if (!parley || !bareBun) throw new Error("the open loop needs two servers")
  const ratio = medianRatio(tails(parley), tails(bareBun))
  const verdict = judge({ kind: "under", bound: 2, unit: "x" }, ratio)
  return {
    verdict,
    table: {
      columns: [
        "server",
        "p50 ms",
        "p90 ms",
        "p99 ms",
        "server busy",
        "Parley's p99 is",
        "floor",
        "",
      ],
      rows: [figures(parley), [...figures(bareBun), ...verdictCells(verdict)]],
    },
  }
}

function tails({ rounds }: Played): number[] {
  return rounds.map((round) => round.p99)
}

function figures({ name, rounds }: Played): string[] {
  const middle = (figure: "p50" | "p90" | "p99") =>
    formatFigure(median(rounds.map((round) => round[figure])))
  const busy = median(rounds.map((round) => round.serverBusy))
  return [name, middle("p50"), middle("p90"), middle("p99"), `${Math.round(busy * 100)}%`]
}
