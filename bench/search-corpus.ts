/** Rooms full of messages to be searched, made past the server, and always the same. */
import { Database } from "bun:sqlite"
import { join } from "node:path"
import { asRoomNumericId } from "../src/protocol/ids"
import { messageNumericId } from "../src/protocol/message-id"
import { createStore, openSqlite } from "../src/store"

export interface SearchCorpus {
  readonly messages: number
  /** Private ones, of which the readers are in the first `ownRooms`. */
  readonly rooms: number
  readonly ownRooms: number
  /** What is looked for, by how many messages hold it. */
  readonly words: Readonly<Record<"rare" | "common" | "very common", string>>
  /** In every message that the readers may not read, and in one that they may. */
  readonly foreign: string
  /** One that they are in, by its id. */
  readonly room: string
}

const ROOMS = 1_000
const OWN_ROOMS = 100
const VOCABULARY = 50_000
const PAUSE_MS = 1_000

const SYLLABLES = "ka lo mi ren tas vo shi pur ned gla os tri ber fa hu wen".split(" ")

/** Made of syllables: the first ones are short and common, as in every language. */
function wordOf(rank: number): string {
  let word = ""
  for (let left = rank + 1; left > 0; left = Math.floor(left / SYLLABLES.length)) {
    word += SYLLABLES[left % SYLLABLES.length]
  }
  return word
}

/** From 0 to 1, the same each time (xorshift). */
function createChance(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** Words as people use them: the second is half as frequent as the first, and so on (Zipf). */
function createSpeech(chance: () => number): () => string {
  const words = Array.from({ length: VOCABULARY }, (_, rank) => wordOf(rank))
  const sums = new Float64Array(VOCABULARY)
  let sum = 0
  for (let rank = 0; rank < VOCABULARY; rank++) {
    sum += 1 / (rank + 2)
    sums[rank] = sum
  }
  const pick = (): string => {
    const wanted = chance() * sum
    let low = 0
    let high = VOCABULARY - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? sum) < wanted) low = middle + 1
      else high = middle
    }
    return words[low] ?? ""
  }
  return () => Array.from({ length: 3 + Math.floor(chance() * 16) }, pick).join(" ")
}

/**
 * Fills a data folder: rooms that are written to in turn, as they are where many people talk, and
 * the index of words as a server makes it. The readers are users of the folder.
 */
export async function makeSearchCorpus(
  dataFolder: string,
  readers: readonly string[],
  messages: number,
): Promise<SearchCorpus> {
  const path = join(dataFolder, "parley.db")
  const corpus = {
    messages,
    rooms: ROOMS,
    ownRooms: OWN_ROOMS,
    words: { rare: wordOf(30_000), common: wordOf(500), "very common": wordOf(0) },
    foreign: "elsewhere",
    room: roomId(1),
  }
  const rows = writeMessages(path, readers, corpus)
  await indexAll(path, rows)
  return corpus
}

const roomId = (number: number) => `search-${number}`

function writeMessages(
  path: string,
  readers: readonly string[],
  corpus: SearchCorpus,
): readonly number[] {
  const file = new Database(path, { strict: true })
  try {
    file.run("PRAGMA synchronous = OFF")
    const find = file.query<{ user: number }, [string]>(
      "select numeric_id as user from users where username = ?",
    )
    const users = readers.map((name) => find.get(name)?.user ?? 0)
    const rooms = file.transaction(() => makeRooms(file, users))()
    file.transaction(() => fillRooms(file, { user: users[0] ?? 0, rooms, corpus }))()
    return rooms
  } finally {
    file.close()
  }
}

function makeRooms(file: Database, users: readonly number[]): readonly number[] {
  const room = file.query<{ id: number }, [string, number]>(
    `insert into rooms (id, name, type, created_by, created_at, updated_at, epoch)
     values (?, 'search', 'private', ?, 0, 0, 'epoch') returning numeric_id as id`,
  )
  const member = file.query<never, [number, number]>(
    `insert into members (room_numeric_id, user_numeric_id, role, joined_at, changed_seq)
     values (?, ?, 'member', 0, 0)`,
  )
  return Array.from({ length: ROOMS }, (_, index) => {
    const { id } = room.get(roomId(index + 1), users[0] ?? 0) ?? { id: 0 }
    if (index < OWN_ROOMS) for (const user of users) member.run(id, user)
    return id
  })
}

interface Filling {
  readonly user: number
  readonly rooms: readonly number[]
  readonly corpus: SearchCorpus
}

function fillRooms(file: Database, { user, rooms, corpus }: Filling): void {
  const say = createSpeech(createChance(12_345))
  const insert = file.query<never, (number | string)[]>(
    `insert into messages (numeric_id, room_numeric_id, seq, changed_seq, user_numeric_id, type,
       content, created_at) values (?, ?, ?, ?, ?, 'text', ?, ?)`,
  )
  const perRoom = Math.ceil(corpus.messages / rooms.length)
  const since = Date.now() - corpus.messages * PAUSE_MS
  for (const [index, room] of rooms.entries()) {
    for (let seq = 1; seq <= perRoom; seq++) {
      const isForeign = index >= OWN_ROOMS || (index === 0 && seq === 1)
      const content = isForeign ? `${say()} ${corpus.foreign}` : say()
      const key = messageNumericId(asRoomNumericId(room), seq)
      const at = since + (seq * rooms.length + index) * PAUSE_MS
      insert.run(key, room, seq, seq, user, content, Math.min(at, Date.now()))
    }
  }
  file.run(`update rooms set head = ${perRoom} where id like 'search-%'`)
}

/** In small steps that go round, as when the rooms are written to: so the index is as it grows. */
async function indexAll(path: string, rooms: readonly number[]): Promise<void> {
  const store = createStore(openSqlite({ path, publish: () => undefined }))
  try {
    for (let left = rooms.map(asRoomNumericId); left.length > 0; ) {
      const states = await Promise.all(
        left.map(async (room) => {
          const { until, head } = await store.writeInRoom(() => store.search.indexNext(room, 100))
          return { room, isDone: until >= head }
        }),
      )
      left = states.filter(({ isDone }) => !isDone).map(({ room }) => room)
    }
  } finally {
    await store.close()
  }
}
