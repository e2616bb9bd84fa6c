import { SQL } from "bun"
import type { Workload } from "../bench"
import { formatFigure, judge, verdictCells } from "../floor"
import { startServices } from "../services"
import { median, medianRatio } from "../statistics"
import { type AppendTarget, appendBatched, openAppendTarget } from "../store-appends"

const outstanding = 256

/** Storing in Postgres: messages of one room that share commits, and one commit for each. */
export const appends: Workload = {
  name: "appends",
  users: 0,
  measure: async ({ pace }) => {
    await using services = await startServices()
    await using target = await openAppendTarget(await services.freshDatabase())
    const milliseconds = pace.secondsPerRound * 1000
    const batched: number[] = []
    const single: number[] = []
    for (let round = 0; round <= pace.rounds; round++) {
      const ours = await rate(milliseconds, () => appendBatched(target, outstanding))
      const theirs = await alone(target, milliseconds)
      // The first round warms both up.
      if (round === 0) continue
      batched.push(ours)
      single.push(theirs)
    }
    const ratio = medianRatio(batched, single)
    const verdict = judge({ kind: "at least", bound: 10, unit: "x" }, ratio)
    return {
      title: "Postgres: durable messages of one room",
      method:
        `${outstanding} on the way at any time, in this process, without sockets. Parley's ` +
        "appender locks the room, looks up the sender and whether the message was sent before, " +
        "inserts and commits, all that waits at once; the other does only the two writes, one " +
        "transaction a message, on 16 connections. `fsync` and `synchronous_commit` are on.",
      tables: [
        {
          columns: ["how", "messages/s", "Parley is", "floor", ""],
          rows: [
            ["Parley, in batches", formatFigure(median(batched))],
            ["one transaction a message", formatFigure(median(single)), ...verdictCells(verdict)],
          ],
        },
      ],
      verdicts: [verdict],
    }
  },
}

/** How many a second, of a task that stores so many at a time. */
async function rate(milliseconds: number, storeSome: () => Promise<number>): Promise<number> {
  const startedAt = performance.now()
  let stored = 0
  while (performance.now() - startedAt < milliseconds) stored += await storeSome()
  return (stored * 1000) / (performance.now() - startedAt)
}

/** The same two writes, as an application does them that does not batch. */
async function alone({ url, room, author }: AppendTarget, milliseconds: number): Promise<number> {
  const sql = new SQL({ url, max: 16 })
  try {
    const startedAt = performance.now()
    let stored = 0
    const one = async () => {
      while (performance.now() - startedAt < milliseconds) {
        await sql.begin(async (transaction) => {
          const [row] = await transaction`
            update rooms set head = head + 1 where numeric_id = ${room} returning head`
          const seq = Number(row.head)
          await transaction`
            insert into messages (numeric_id, room_numeric_id, seq, changed_seq, user_numeric_id,
              type, content, client_id, created_at)
            values (${BigInt(room) * 1_073_741_824n + BigInt(seq)}, ${room}, ${seq}, ${seq},
              ${author}, 'text', ${"Hello everybody, sent from the bench."}, ${`alone-${seq}`},
              ${BigInt(Date.now())})`
        })
        stored++
      }
    }
    await Promise.all(Array.from({ length: outstanding }, one))
    return (stored * 1000) / (performance.now() - startedAt)
  } finally {
    await sql.close()
  }
}
