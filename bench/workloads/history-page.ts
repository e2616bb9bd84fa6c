import { join } from "node:path"
import type { Workload } from "../bench"
import { alternate, type Round } from "../contest"
import { formatFigure, judge, verdictCells } from "../floor"
import { startLoadGenerator } from "../load-generator"
import type { LoadOrder } from "../loader/orders"
import { startParley } from "../parley"
import { startServer } from "../server-process"
import { median, medianRatio } from "../statistics"

const connections = 16
const messagesInRoom = 500
const warmUpSeconds = 0.5

/** Reading back: the newest 50 messages of a room, checked, read from SQLite and encoded. */
export const historyPage: Workload = {
  name: "history",
  users: 1,
  measure: async ({ seed, folder, pace }) => {
    await using parley = await startParley(seed, folder)
    const history = await parley.fillHistory(messagesInRoom)
    const page = await fetchPage(parley.port, history)
    const pageFile = join(folder, "page.json")
    await Bun.write(pageFile, page)
    await using constant = await startServer({
      command: [process.execPath, join(import.meta.dir, "../peers/constant-page.ts")],
      env: { PAGE_FILE: pageFile },
      folder,
    })
    await using parleyLoad = startLoadGenerator()
    await using constantLoad = startLoadGenerator()
    const contenders = [
      { ...parley, ...history, load: parleyLoad },
      {
        ...constant,
        name: "Elysia, constant page",
        path: "/page",
        headers: [],
        load: constantLoad,
      },
    ]
    const requests =
      (seconds: number) =>
      ({ port, path, headers }: (typeof contenders)[number]): LoadOrder => {
        return { type: "requests", seconds, port, path, headers, connections }
      }

    await alternate(contenders, 1, requests(warmUpSeconds))
    const [ours = [], theirs = []] = await alternate(
      contenders,
      pace.rounds,
      requests(pace.secondsPerRound),
    )

    const ratio = medianRatio(ours.map(rate), theirs.map(rate))
    const verdict = judge({ kind: "at least", bound: 0.4, unit: "x" }, ratio)
    return {
      title: "A history page of 50 by REST",
      method:
        `The newest 50 of ${messagesInRoom} messages, ${formatFigure(page.length)} bytes of JSON, over ` +
        `${connections} kept-alive connections with one request outstanding on each. ` +
        "Parley's request is authenticated, its permission is read from the database, and so is " +
        "which messages the page holds.",
      tables: [
        {
          columns: [
            "server",
            "requests/s",
            "p50 ms",
            "p99 ms",
            "CPU µs/request",
            "Parley is",
            "floor",
            "",
          ],
          rows: [
            ["Parley", ...figures(ours)],
            ["Elysia, constant page", ...figures(theirs), ...verdictCells(verdict)],
          ],
        },
      ],
      verdicts: [verdict],
    }
  },
}

async function fetchPage(
  port: number,
  { path, headers }: { readonly path: string; readonly headers: readonly string[] },
): Promise<string> {
  const fields = headers.map((line): [string, string] => {
    const [name = "", value = ""] = line.split(": ")
    return [name, value]
  })
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: fields })
  return await response.text()
}

function rate(round: Round): number {
  return round.messagesPerSecond
}

function figures(rounds: readonly Round[]): string[] {
  const middle = (figure: keyof Round) => formatFigure(median(rounds.map((round) => round[figure])))
  return [middle("messagesPerSecond"), middle("p50"), middle("p99"), middle("cpuMicrosPerDelivery")]
}
