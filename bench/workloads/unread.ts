import { Database } from "bun:sqlite"
import { join } from "node:path"
import { z } from "zod"
import { SEQS_PER_ROOM } from "../../src/protocol/message-id"
import type { Bench, Workload } from "../bench"
import { type Floor, formatFigure, judge, verdictCells } from "../floor"
import { copyOfSeed, parleyEnvironment, parleyFromSource } from "../parley"
import { cpuSecondsOf } from "../process-usage"
import { type ServerProcess, startServer } from "../server-process"
import { median } from "../statistics"

const rooms = 500
const people = 5
const requestsPerRound = 10
const warmUps = 2
const floor: Floor = { kind: "under", bound: 5, unit: " ms" }

interface Row {
  readonly label: string
  readonly p50: number
  /** Milliseconds of the server's for each request. */
  readonly cpu: number
  readonly floor: Floor | undefined
}

/** As long as what people write to each other. */
const content = "Message, about as long as what people write to each other. Some are longer."

/** In each room; the second is as many as are counted. */
const unreadCounts = [20, 1_000] as const

/** What is unread in many rooms, asked by one who has read little of it. */
export const unread: Workload = {
  name: "unread",
  users: 1,
  measure: async (bench) => {
    const rows = []
    for (const count of unreadCounts) rows.push(...(await measure(bench, count)))
    const judged = rows.map(({ floor, ...row }) => ({
      ...row,
      verdict: floor && judge(floor, row.p50),
    }))
    return {
      title: `What is unread in ${rooms} rooms`,
      method:
        "GET /unread over one kept-alive connection, one request at a time, from sending it to " +
        `having the whole answer: ${rooms} rooms in which ${people} others have written. Where it ` +
        "is counted, every room has moved since the request before, which is the worst that can be; " +
        "who asks again where nothing has moved is answered from memory, once rooms and marks are " +
        "read. More than 1,000 of a room are not counted, so the third row is the most that the " +
        `${rooms} rooms can cost; it is spread over turns of about 10 ms.`,
      tables: [
        {
          columns: ["each room has", "CPU ms/request", "p50", "floor", ""],
          rows: judged.map(({ label, p50, cpu, verdict }) => [
            label,
            formatFigure(cpu),
            ...(verdict ? verdictCells(verdict) : [`${formatFigure(p50)} ms`]),
          ]),
        },
      ],
      verdicts: judged.flatMap(({ verdict }) => verdict ?? []),
    }
  },
}

async function measure({ seed, folder, pace }: Bench, count: number): Promise<Row[]> {
  const dataFolder = await copyOfSeed(seed, folder)
  const [reader] = seed.accounts
  if (reader === undefined) throw new Error("somebody has to ask")
  using file = fill(join(dataFolder, "parley.db"), reader.username, count)
  await using server = await startServer({
    command: [...parleyFromSource, "serve"],
    env: parleyEnvironment(dataFolder, 0),
    folder,
  })
  const timed = async (moveRooms: () => void): Promise<Pick<Row, "p50" | "cpu">> => {
    const times: number[] = []
    // The first ones prepare statements and fill the page cache.
    for (let request = -warmUps; request < pace.rounds * requestsPerRound; request++) {
      moveRooms()
      times.push(await askUnread(server, reader.token, count))
      if (request < 0) times.length = 0
      if (request === -1) cpuBefore = cpuSecondsOf(server.pid)
    }
    const cpu = ((cpuSecondsOf(server.pid) - cpuBefore) * 1000) / times.length
    return { p50: median(times), cpu }
  }
  let cpuBefore = 0
  // Each room has changed, and what is unread in it is as it was.
  const counted = await timed(
    () => void file.run("update rooms set head = head + 1, indexed_seq = head + 1"),
  )
  const again = await timed(() => undefined)
  const label = `${count.toLocaleString("en-US")} unread`
  return [
    { label: `${label}, counted`, ...counted, floor: count === 20 ? floor : undefined },
    { label: `${label}, asked again`, ...again, floor },
  ]
}

/**
 * Written straight into the file: half a million messages would take the API too long. They count
 * as indexed, so that nothing else is being done meanwhile.
 */
function fill(path: string, username: string, count: number): Database {
  const file = new Database(path, { readwrite: true })
  const { me } = z
    .object({ me: z.number() })
    .parse(file.query("select numeric_id as me from users where username = ?").get(username))
  const message = file.prepare(
    `insert into messages (numeric_id, room_numeric_id, seq, changed_seq, user_numeric_id, type,
       content, client_id, thread_count, created_at)
     values (?, ?, ?, ?, ?, 'text', ?, ?, 0, ?)`,
  )
  file.transaction(() => {
    for (let room = 1; room <= rooms; room++) {
      file.run(
        `insert into rooms (numeric_id, id, name, type, created_at, updated_at, epoch, head, indexed_seq)
         values (${room}, 'bench-${room}', 'bench', 'public', 0, 0, 'epoch', ${count + 1}, ${count + 1})`,
      )
      file.run(
        `insert into members (room_numeric_id, user_numeric_id, role, joined_at, changed_seq, last_read_seq)
         values (${room}, ${me}, 'member', 0, 1, 1)`,
      )
    }
    // Room by room within each instant, as it is when people talk in all of them.
    for (let seq = 2; seq <= count + 1; seq++) {
      for (let room = 1; room <= rooms; room++) {
        const author = me + 1 + ((seq + room) % people)
        const key = room * SEQS_PER_ROOM + seq
        message.run(key, room, seq, seq, author, content, `client-${room}-${seq}`, seq)
      }
    }
  })()
  file.run("pragma wal_checkpoint(truncate)")
  return file
}

async function askUnread(server: ServerProcess, token: string, count: number): Promise<number> {
  const startedAt = performance.now()
  const response = await fetch(`http://127.0.0.1:${server.port}/api/v1/unread`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const answer: unknown = await response.json()
  const took = performance.now() - startedAt
  const found = z.array(z.object({ unread: z.number() })).parse(answer)
  if (found.length !== rooms || found.some((it) => it.unread !== count)) {
    throw new Error(`GET /unread: ${response.status}, not ${count} in each of ${rooms} rooms`)
  }
  return took
}
