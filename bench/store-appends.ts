/** Parley's own store on a Postgres, without a server around it. */
import { SQL } from "bun"
import { asRoomId, asUserId, asUserNumericId } from "../src/protocol/ids"
import { createStore } from "../src/store"
import { openPostgres } from "../src/store/postgres"

export interface AppendTarget extends AsyncDisposable {
  readonly url: string
  /** By their numbers. */
  readonly room: number
  readonly author: number
  readonly store: ReturnType<typeof createStore>
}

const room = 1
const author = 1
const roomId = asRoomId("01a1fd00-1852-72c4-b783-86315672464d")
const userId = asUserId("01a1fd00-1791-743a-85db-11163cde1b1c")
let count = 0

/** Brings the tables of an empty database up to date, and makes a room with one member. */
export async function openAppendTarget(url: string): Promise<AppendTarget> {
  const store = createStore(await openPostgres({ url, publish: () => undefined }))
  const sql = new SQL({ url, max: 1 })
  try {
    await sql`
      insert into users (numeric_id, id, username, username_key, origin, created_at, updated_at)
      values (${author}, ${userId}, 'bench', 'bench', 'local', 0, 0)`
    await sql`
      insert into rooms (numeric_id, id, name, type, created_by, created_at, updated_at, epoch)
      values (${room}, ${roomId}, 'bench', 'public', ${author}, 0, 0, 'epoch')`
    await sql`
      insert into members (room_numeric_id, user_numeric_id, role, joined_at, changed_seq)
      values (${room}, ${author}, 'owner', 0, 0)`
  } finally {
    await sql.close()
  }
  return { url, room, author, store, [Symbol.asyncDispose]: () => store.close() }
}

/** So many messages at once; resolves with their number when all are durable. */
export async function appendBatched({ store }: AppendTarget, messages: number): Promise<number> {
  const profile = {
    id: userId,
    numericId: asUserNumericId(author),
    username: "bench",
    displayName: null,
    avatarUrl: null,
    email: null,
  }
  const sent = Array.from({ length: messages }, () =>
    store.append({
      draft: {
        roomId,
        type: "text",
        content: "Hello everybody, sent from the bench.",
        clientId: `batched-${count++}`,
        metadata: null,
      },
      author: profile,
      createdAt: Date.now(),
      permits: () => true,
      announce: (it, message) => ({ type: "message.created", room: it, seq: message.seq, message }),
      otherwise: () => {
        throw new Error("a plain message was taken for another")
      },
    }),
  )
  await Promise.all(sent)
  return messages
}
