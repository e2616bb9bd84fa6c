import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { moved } from "../support/moved"
import { type Person, person, roomOf } from "../support/people"
import { startServerProcess, UNLIMITED } from "../support/server-process"
import { waitUntil } from "../support/wait"
import { findLosses, type Join, type RoomTruth } from "./check"
import { NemesisClient } from "./client"
import { readTruth } from "./truth"

export interface NemesisOptions {
  readonly kills: number
  readonly clients: number
  readonly rooms: number
  /** Sends that each client keeps unanswered. */
  readonly outstanding: number
  /** Told as it happens. */
  readonly tell: (line: string) => void
}

export interface NemesisReport {
  readonly sent: number
  readonly acknowledged: number
  /** Sent once more, because the answer to the first time never came. */
  readonly retried: number
  /** Retries that the server had stored already. */
  readonly duplicates: number
  readonly resumes: number
  /** Seqs that a client missed on a live connection, and asked for. */
  readonly gaps: number
  readonly joins: number
  readonly roomChanges: number
  readonly stored: number
  readonly losses: readonly string[]
}

/** What only a cluster's run has. */
const NOBODY_ELSE = { stretches: [], silences: [], heard: [], presence: [] } as const

type Rooms = readonly { readonly id: string; readonly epoch: string }[]

/** So much is acknowledged between two kills, at least, or nothing would have been at stake. */
const ACKNOWLEDGED_PER_LIFE = 500
const KILL_DELAY_MS_MAX = 80
const PATIENCE_MS = 15_000
const RETRY_MS = 20
const SLOW_RECONNECT_MS = 400

/** Kills a server under load again and again, and looks whether anything was lost. */
export async function runNemesis(options: NemesisOptions): Promise<NemesisReport> {
  const dataDir = mkdtempSync(join(tmpdir(), "parley-nemesis-"))
  const start = () => startServerProcess({ dataDir, env: UNLIMITED })
  let server = await start()
  const address = () => server.url
  let clients: readonly NemesisClient[] = []

  /** One more life of the server, ended under load while a newcomer joins. */
  async function killUnderLoad(turn: number, newcomer: Person, rooms: Rooms, owner: Person) {
    await waitForLoad(clients)
    const joins = rooms.map(({ id }) => keepAsking(newcomer, address, joinOf(newcomer, id)))
    const renamed = rooms[turn]
    if (renamed !== undefined) void keepAsking(owner, address, topicOf(renamed.id))
    await Bun.sleep(Math.random() * KILL_DELAY_MS_MAX)
    const unanswered = sum(clients, (client) => client.unanswered)
    await server.kill()
    options.tell(`kill ${turn + 1}: pid ${server.pid}, ${unanswered} sends unanswered`)
    server = await start()
    return joins
  }

  try {
    const people = await registerAll(server.url, "sender", options.clients)
    const newcomers = await registerAll(server.url, "newcomer", options.kills)
    const [owner] = people
    if (owner === undefined) throw new Error("nobody is there to send")
    const rooms: { id: string; epoch: string }[] = []
    while (rooms.length < options.rooms) rooms.push(await roomOf(owner, people.slice(1)))
    const { outstanding } = options
    clients = people.map((it, index) => {
      // One is slow to come back, and so has pages of what it missed to catch up with.
      const reconnectMs = index === 0 ? SLOW_RECONNECT_MS : RETRY_MS
      return new NemesisClient({ person: it, rooms, address, outstanding, reconnectMs })
    })

    const joins: Promise<Join>[] = []
    for (const [turn, newcomer] of newcomers.entries()) {
      joins.push(...(await killUnderLoad(turn, newcomer, rooms, owner)))
    }
    for (const client of clients) client.stopSending()
    await settle("acknowledged", () => clients.every((client) => client.unanswered === 0))
    const joined = await Promise.all(joins)
    const reader = moved(owner, server.url)
    const truths = await Promise.all(rooms.map((room) => readTruth(reader, room)))
    await settle("caught up", () =>
      truths.every(({ roomId, head }) => clients.every((it) => it.untilOf(roomId) === head)),
    )
    return report(clients, joined, truths)
  } finally {
    for (const client of clients) client.close()
    await server.kill()
    rmSync(dataDir, { recursive: true })
  }
}

function report(
  clients: readonly NemesisClient[],
  joins: readonly Join[],
  rooms: readonly RoomTruth[],
): NemesisReport {
  const total = (name: keyof NemesisClient["counts"]) => sum(clients, ({ counts }) => counts[name])
  return {
    sent: total("sent"),
    acknowledged: total("acknowledged"),
    retried: total("retried"),
    duplicates: total("duplicates"),
    resumes: total("resumes"),
    gaps: total("gaps"),
    joins: joins.length,
    roomChanges: sum(rooms, ({ roomChanges }) => roomChanges.length),
    stored: sum(rooms, ({ messages }) => messages.length),
    losses: [
      ...findLosses({
        rooms,
        clients: clients.map(({ story }) => story),
        joins,
        streams: clients.flatMap(({ streams }) => streams),
        ...NOBODY_ELSE,
      }),
      ...clients.flatMap(({ surprises }) => surprises),
    ],
  }
}

/** One after the other: hashing their passwords at once would take the memory of all. */
async function registerAll(url: string, kind: string, count: number): Promise<Person[]> {
  const people: Person[] = []
  while (people.length < count) people.push(await person(url, `${kind}-${people.length}`))
  return people
}

/** Asks until it is answered, whichever server it is that answers: each of these may be repeated. */
async function keepAsking<T>(
  somebody: Person,
  address: () => string,
  ask: (somebody: Person) => Promise<T>,
): Promise<T> {
  while (true) {
    try {
      return await ask(moved(somebody, address()))
    } catch {
      // Nobody listens there any more, or not yet.
      await Bun.sleep(RETRY_MS)
    }
  }
}

const joinOf =
  ({ id: userId }: Person, roomId: string) =>
  async (somebody: Person): Promise<Join> => {
    const { status } = await somebody.post(`/rooms/${roomId}/join`)
    if (status !== 200) throw new Error(`joining was answered with ${status}`)
    return { roomId, userId }
  }

const topicOf = (roomId: string) => (somebody: Person) =>
  somebody.patch(`/rooms/${roomId}`, { topic: "the same however often it is set" })

/** Until this life of the server has acknowledged enough to lose. */
function waitForLoad(clients: readonly NemesisClient[]): Promise<void> {
  const acknowledged = () => sum(clients, ({ counts }) => counts.acknowledged)
  const enough = acknowledged() + ACKNOWLEDGED_PER_LIFE
  return waitUntil("the server is under load", () => acknowledged() >= enough, PATIENCE_MS)
}

const settle = (what: string, isSo: () => boolean) =>
  waitUntil(`everything is ${what}`, isSo, PATIENCE_MS)

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0)
