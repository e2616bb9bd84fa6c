import type { Workload } from "../bench"
import { fiftyOutstanding, openChatContest, type Played } from "../chat-contest"
import { type Floor, judge, type Verdict, verdictCells } from "../floor"
import { gatewayEvents, native, roomCommands, roomPath } from "../protocols"
import { medianRatio } from "../statistics"
import { chatColumns, chatFigures, rates } from "../throughput"

const floor: Floor = { kind: "at least", bound: 0.8, unit: "x" }

/** The busy room once more, in each protocol over raw WebSockets: none is the slow one. */
export const protocols32: Workload = {
  name: "protocols-32",
  users: 32,
  measure: async (bench) => {
    const seating = { rooms: 1, connectionsPerRoom: 32, sendersPerRoom: 32, usersPerRoom: 32 }
    const protocols = [native, roomCommands, roomPath, gatewayEvents] as const
    await using contest = await openChatContest(bench, seating, { protocols, peers: [] })
    const [own, ...others] = await contest.play(
      fiftyOutstanding(bench.pace.secondsPerRound),
      bench.pace.rounds,
    )
    if (!own) throw new Error("nobody has played")
    const judged = others.map((played) => ({ played, verdict: verdictOf(played, own) }))
    return {
      title: "The raw protocols: one room, 32 members, all send, 50 outstanding each",
      method:
        "A Parley and a room for each protocol, the same build and the same load. Frames are as " +
        "long as each protocol makes them. Only `native` has acknowledgements; in the others it " +
        "is by the message itself that a sender knows.",
      tables: [
        {
          columns: ["server", "frame bytes", ...chatColumns, "of native", "floor", ""],
          rows: [cells(own), ...judged.map(({ played, verdict }) => cells(played, verdict))],
        },
      ],
      verdicts: judged.map(({ verdict }) => verdict),
    }
  },
}

function verdictOf(played: Played, own: Played): Verdict {
  return judge(floor, medianRatio(rates(played), rates(own)))
}

function cells(played: Played, verdict?: Verdict): string[] {
  const frameBytes = String(played.rounds.at(-1)?.eventBytes)
  const row = [played.name, frameBytes, ...chatFigures(played)]
  return verdict ? [...row, ...verdictCells(verdict)] : row
}
