import type { Played } from "./chat-contest"
import type { Round } from "./contest"
import { type Floor, formatFigure, judge, type Verdict, verdictCells } from "./floor"
import type { Table } from "./report"
import { median, medianRatio } from "./statistics"

/** What `chatFigures` are of. */
export const chatColumns: readonly string[] = [
  "deliveries/s",
  "messages/s",
  "p50 ms",
  "p90 ms",
  "p99 ms",
  "CPU µs/delivery",
  "server busy",
  "loader busy",
]

const columns = ["server", ...chatColumns, "Parley is", "floor", ""]

/** The table of a closed loop, and how Parley's rate holds up against each peer with a floor. */
export function throughputTable(
  played: readonly Played[],
  floors: Readonly<Record<string, number>>,
): { table: Table; verdicts: Verdict[] } {
  const [parley, ...peers] = played
  if (!parley) throw new Error("nobody has played")
  const verdicts: Verdict[] = []
  const rows = [[parley.name, ...chatFigures(parley)]]
  for (const peer of peers) {
    const ratio = medianRatio(rates(parley), rates(peer))
    const bound = floors[peer.name]
    if (bound === undefined) {
      rows.push([peer.name, ...chatFigures(peer), `${formatFigure(ratio)}x`])
      continue
    }
    const floor: Floor = { kind: "at least", bound, unit: "x" }
    const verdict = judge(floor, ratio)
    verdicts.push(verdict)
    rows.push([peer.name, ...chatFigures(peer), ...verdictCells(verdict)])
  }
  return { table: { columns, rows }, verdicts }
}

/** Messages a second, of each round. */
export function rates({ rounds }: Played): number[] {
  return rounds.map((round) => round.messagesPerSecond)
}

/** How fast a server was and what it cost: medians over the rounds. */
export function chatFigures({ rounds }: Played): string[] {
  const middle = (figure: keyof Round) => median(rounds.map((round) => round[figure]))
  const percent = (figure: "serverBusy" | "loaderBusy") => `${Math.round(middle(figure) * 100)}%`
  return [
    formatFigure(middle("deliveriesPerSecond")),
    formatFigure(middle("messagesPerSecond")),
    formatFigure(middle("p50")),
    formatFigure(middle("p90")),
    formatFigure(middle("p99")),
    formatFigure(middle("cpuMicrosPerDelivery")),
    percent("serverBusy"),
    percent("loaderBusy"),
  ]
}
