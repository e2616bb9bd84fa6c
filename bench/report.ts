import { availableParallelism, release } from "node:os"
import type { Verdict } from "./floor"

export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What one workload has to say. `method` tells how it was measured, for readers of the page. */
export interface Report {
  readonly title: string
  readonly method: string
  readonly tables: readonly Table[]
  readonly verdicts: readonly Verdict[]
}

const preface = `# Benchmarks

Written by \`bun run bench\`; run it again rather than edit this page. Every table was measured in
one run on one machine, servers and load generator side by side, so its figures are to be
compared with each other, not with another machine's. A floor is what Parley has to reach; each
row says whether it did.`

const method = `## How it is measured

- **The full path.** Parley runs as in production: clients authenticate, each message is checked,
  counted, numbered, stored with \`synchronous=FULL\` and acknowledged after the commit, then
  delivered to every connection in the room, the sender's own too. Limits are set to none.
- **The peers do less.** They store nothing, ask nobody who they are and acknowledge nothing; each
  sends the frame that came in to everyone in the room, the sender included. \`bare Bun\` publishes
  to a native topic, \`Node ws\` loops over the room with \`send\`, \`Socket.IO on Node\` uses its
  in-memory adapter over WebSocket alone. Compression is off everywhere.
- **Equal frames.** Parley's events are measured first, in the protocol that the table is about,
  then the peers' frames are made as long.
- **Parley** without more speaks its native protocol; \`Parley, room-commands\` and the like are the
  same server, all of whose clients speak that protocol, from the handshake and its credentials on.
- **The load generator** is a process of its own for each server, on raw TCP sockets. It sends
  frames that were masked beforehand, hops from frame header to frame header in what it receives
  without decoding payloads, and takes the latency of every 61st delivery. "Loader busy" is its
  share of a core. Near 100% it may have held back the faster servers, which flatters Parley's
  ratio: then compare CPU per delivery, which does not depend on who waits for whom.
- **Closed loop**, "50 outstanding each": every sender sends 50 messages at once; when all their
  deliveries (and acknowledgements, where the protocol has them) have arrived, the next round
  starts. Latency is from sending to reading at the receiver, and so mostly time in the queue of 50.
- **Open loop**: messages leave at a fixed pace, whatever the server does.
- **Server CPU** is user and system time of the whole server process, from \`/proc/<pid>/stat\`;
  "busy" is that time over the time that passed, and over 100% where threads work side by side.
- **Alternation.** Servers take turns within each round, forwards and backwards, and a ratio is
  the median of the ratios of each round, so that what slows the machine hits all sides alike.
  Other figures are medians over the rounds.

## What is not measured

Networks other than loopback, TLS, slow or distant clients, more than two nodes, nodes with a
machine each, disks whose flush takes long (the commit rate follows it), messages much longer than
a line, Socket.IO by polling, runs of hours. The peers' figures say what their fan-out costs, not what a
chat made with them would.`

/** The page `docs/benchmarks.md`. Holds no date: a run that changes nothing leaves no difference. */
export function renderPage(reports: readonly Report[], facts: string): string {
  return `${[preface, facts, ...reports.map(renderReport), method].join("\n\n")}\n`
}

export function renderReport({ title, method, tables }: Report): string {
  return [`## ${title}`, method, ...tables.map(renderTable)].join("\n\n")
}

/** What of the machine decides the figures. Versions are those that ran, not those required. */
export function machineFacts(): string {
  const node = Bun.spawnSync(["node", "--version"]).stdout.toString().trim()
  const kernel = `Linux ${release().split("-")[0]}`
  return `${availableParallelism()} cores, ${kernel}, Bun ${Bun.version}, Node ${node}.`
}

/** Names stand left, figures right. */
function align(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width)
}

/** Markdown with padded cells, so that the terminal shows a table too. */
function renderTable({ columns, rows }: Table): string {
  const widths = columns.map((name, column) =>
    Math.max(name.length, 3, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => align(cells[column] ?? "", width, column)).join(" | ")} |`
  const rule = widths.map((width, column) => (column === 0 ? "-" : ":").padStart(width, "-"))
  return [line(columns), line(rule), ...rows.map(line)].join("\n")
}
