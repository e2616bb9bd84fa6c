import { Database } from "bun:sqlite"
import { join } from "node:path"
import { z } from "zod"
import { SEQS_PER_ROOM } from "../../src/protocol/message-id"
import type { Bench, Workload } from "../bench"
import { type Floor, formatFigure, judge, verdictCells } from "../floor"
import { copyOfSeed, parleyEnvironment, parleyFromSource } from "../parley"
import { residentKiBOf } from "../process-usage"
import { type ServerProcess, startServer } from "../server-process"
import { median } from "../statistics"

const clients = 8
const changeCounts = [1_000, 10_000] as const
const floor: Floor = { kind: "under", bound: 64, unit: " MiB" }
const content = "Message, about as long as what people write to each other. Some are longer."

interface Row {
  readonly changes: number
  /** Milliseconds from asking to having all of it. */
  readonly p50: number
  readonly growthMiB: number
}

/** Clients that were away for long come back at the same time, and are told all that they missed. */
export const resume: Workload = {
  name: "resume",
  users: 1,
  measure: async (bench) => {
    const rows: Row[] = []
    for (const changes of changeCounts) rows.push(await measure(bench, changes))
    const judged = rows.map((row) => ({
      ...row,
      verdict: row.changes === 10_000 ? judge(floor, row.growthMiB) : undefined,
    }))
    return {
      title: "Coming back after many changes",
      method:
        `${clients} connections subscribe at once with the seq they had, and go on until they have ` +
        "everything; half of the messages were edited. Time is one client's, from asking to having all; " +
        "memory is how much the server's resident size grew at its highest, looked at every 5 ms, " +
        "after a first client has come back.",
      tables: [
        {
          columns: ["changes", "p50 ms", "memory", "floor", ""],
          rows: judged.map(({ changes, p50, growthMiB, verdict }) => [
            changes.toLocaleString("en-US"),
            formatFigure(p50),
            ...(verdict ? verdictCells(verdict) : [`${formatFigure(growthMiB)} MiB`]),
          ]),
        },
      ],
      verdicts: judged.flatMap(({ verdict }) => verdict ?? []),
    }
  },
}

async function measure({ seed, folder, pace }: Bench, changes: number): Promise<Row> {
  const dataFolder = await copyOfSeed(seed, folder)
  const [reader] = seed.accounts
  if (reader === undefined) throw new Error("somebody has to come back")
  fill(join(dataFolder, "parley.db"), reader.username, changes)
  await using server = await startServer({
    command: [...parleyFromSource, "serve"],
    env: parleyEnvironment(dataFolder, 0),
    folder,
  })
  await comeBack(server, reader.token, changes)
  const times: number[] = []
  const before = residentKiBOf(server.pid)
  let highest = before
  const looking = setInterval(() => {
    highest = Math.max(highest, residentKiBOf(server.pid))
  }, 5)
  for (let round = 0; round < pace.rounds; round++) {
    const all = Array.from({ length: clients }, () => comeBack(server, reader.token, changes))
    times.push(...(await Promise.all(all)))
  }
  clearInterval(looking)
  return { changes, p50: median(times), growthMiB: (highest - before) / 1024 }
}

/** Written straight into the file. Half of the messages were edited, after all had been sent. */
function fill(path: string, username: string, changes: number): void {
  using file = new Database(path, { readwrite: true })
  const { me } = z
    .object({ me: z.number() })
    .parse(file.query("select numeric_id as me from users where username = ?").get(username))
  const message = file.prepare(
    `insert into messages (numeric_id, room_numeric_id, seq, changed_seq, user_numeric_id, type,
       content, thread_count, created_at, edited_at)
     values (?, 1, ?, ?, ?, 'text', ?, 0, ?, ?)`,
  )
  file.transaction(() => {
    file.run(
      `insert into rooms (numeric_id, id, name, type, created_at, updated_at, epoch, head)
       values (1, 'bench', 'bench', 'public', 0, 0, 'epoch', ${changes * 1.5 + 1})`,
    )
    file.run(
      `insert into members (room_numeric_id, user_numeric_id, role, joined_at, changed_seq)
       values (1, ${me}, 'member', 0, 1)`,
    )
    for (let index = 0; index < changes; index++) {
      const seq = index + 2
      const isEdited = index < changes / 2
      const changedSeq = isEdited ? seq + changes : seq
      const editedAt = isEdited ? changedSeq : null
      message.run(SEQS_PER_ROOM + seq, seq, changedSeq, me, content, seq, editedAt)
    }
  })()
  file.run("pragma wal_checkpoint(truncate)")
}

const Answer = z.object({
  type: z.literal("ok"),
  data: z.object({
    rooms: z.tuple([
      z.object({ until: z.number(), more: z.boolean(), messages: z.array(z.unknown()) }),
    ]),
  }),
})

/** Resolves to how many milliseconds it took. */
async function comeBack(server: ServerProcess, token: string, changes: number): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/api/v1/ws`, {
    headers: { authorization: `Bearer ${token}` },
  })
  let since = 0
  let told = 0
  let startedAt = 0
  const ask = () =>
    socket.send(
      JSON.stringify({
        type: "subscribe",
        id: since,
        data: { rooms: [{ room_id: "bench", epoch: "epoch", since }] },
      }),
    )
  try {
    return await new Promise<number>((resolve, reject) => {
      socket.onclose = ({ code }) => reject(new Error(`closed with ${code}`))
      socket.onmessage = ({ data }) => {
        const frame: { readonly type: string } = JSON.parse(String(data))
        if (frame.type === "hello") {
          startedAt = performance.now()
          return ask()
        }
        if (frame.type === "error") return reject(new Error(String(data)))
        if (frame.type !== "ok") return
        const [room] = Answer.parse(frame).data.rooms
        since = room.until
        told += room.messages.length
        if (room.more) return ask()
        if (told === changes) resolve(performance.now() - startedAt)
        else reject(new Error(`${told} changes were told, not ${changes}`))
      }
    })
  } finally {
    socket.onclose = null
    socket.close()
  }
}
