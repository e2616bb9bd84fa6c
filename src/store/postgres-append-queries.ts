import type { Role, RoomType } from "../protocol/entities"
import type { Instant, RoomId, Seq, UserNumericId } from "../protocol/ids"
import { asRoomNumericId, asUserNumericId } from "../protocol/ids"
import type { Append, SendingMember, SendingRoom } from "./database"
import type { Connection } from "./postgres-pool"

/** What one batch asks and stores, each for all of its messages in one statement. */

/**
 * Locked in one order by whoever locks several, so that no two wait for each other. Less than
 * FOR UPDATE: whoever only refers to a room (a new member of it) need not wait.
 */
const LOCK_ROOMS = `
  select id, numeric_id, type, is_blocked, deleted_at, direct_key, created_by, head
  from rooms where id = any($1::text[])
  order by numeric_id for no key update`

/** The same without waiting for those that somebody else has locked, which are left out. */
const LOCK_FREE_ROOMS = `${LOCK_ROOMS} skip locked`

const FIND_IDS = "select id from rooms where id = any($1::text[])"

// These see what is committed after the rooms are locked: each statement is a look of its own.
const FIND_MEMBERS = `
  select r.id, m.user_numeric_id, m.role, m.left_at, m.muted_until
  from unnest($1::text[], $2::bigint[]) as wanted(room, author)
  join rooms r on r.id = wanted.room
  join members m on m.room_numeric_id = r.numeric_id and m.user_numeric_id = wanted.author`

const FIND_SENT = `
  select r.id, m.user_numeric_id, m.client_id
  from unnest($1::text[], $2::bigint[], $3::text[]) as wanted(room, author, client_id)
  join rooms r on r.id = wanted.room
  join messages m on m.room_numeric_id = r.numeric_id
    and m.user_numeric_id = wanted.author and m.client_id = wanted.client_id`

const INSERT = `
  insert into messages (numeric_id, room_numeric_id, seq, changed_seq, user_numeric_id, type,
    content, client_id, metadata, created_at)
  select numeric_id, room, seq, seq, author, type, content, client_id, metadata, created_at
  from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[],
    $7::text[], $8::text[], $9::bigint[])
    as new(numeric_id, room, seq, author, type, content, client_id, metadata, created_at)`

const SAVE_HEADS = `
  update rooms set head = new.head
  from unnest($1::bigint[], $2::bigint[]) as new(room, head)
  where rooms.numeric_id = new.room`

/** A room as the batch leaves it. */
export interface OpenRoom extends SendingRoom {
  head: Seq
  isDirty: boolean
}

export interface Place {
  readonly room: RoomId
  readonly author: UserNumericId
}

/** Whatever is in the two: an id of a room may hold any character. */
export const keyOf = ({ room, author }: Place) => `${author} ${room}`
export const sentKeyOf = (place: Place, clientId: string) => `${keyOf(place)} ${clientId}`

export const placeOf = ({ draft, author }: Append): Place => ({
  room: draft.roomId,
  author: author.numericId,
})

/** What the batch's fate depends on. */
export interface Found {
  readonly rooms: ReadonlyMap<string, OpenRoom>
  readonly members: ReadonlyMap<string, SendingMember>
  /** Keys of what was sent before. */
  readonly sent: Set<string>
  /** Rooms that there are, and that somebody else has locked. */
  readonly busy: ReadonlySet<string>
}

/** Locks the rooms and reads the rest, all in one round trip. `isPatient`: waits for the locks. */
export async function findAll(
  connection: Connection,
  batch: readonly Append[],
  isPatient: boolean,
): Promise<Found> {
  const ids = [[...new Set(batch.map(({ draft }) => draft.roomId))]]
  const places = [...new Map(batch.map((it) => [keyOf(placeOf(it)), placeOf(it)])).values()]
  const repeatable = batch.filter(({ draft }) => draft.clientId !== null)
  const [rooms, members, sent, all] = await Promise.all([
    connection.query(isPatient ? LOCK_ROOMS : LOCK_FREE_ROOMS, ids),
    connection.query(FIND_MEMBERS, [
      places.map(({ room }) => room),
      places.map(({ author }) => author),
    ]),
    repeatable.length === 0
      ? []
      : connection.query(FIND_SENT, [
          repeatable.map(({ draft }) => draft.roomId),
          repeatable.map(({ author }) => author.numericId),
          repeatable.map(({ draft }) => draft.clientId),
        ]),
    isPatient ? [] : connection.query(FIND_IDS, ids),
  ])
  const locked = new Set(rooms.map((row) => String(row[0])))
  return {
    rooms: new Map(rooms.map((row) => [String(row[0]), toRoom(row)])),
    members: new Map(members.map((row) => [keyOf(toPlace(row)), toMember(row)])),
    sent: new Set(sent.map((row) => sentKeyOf(toPlace(row), String(row[2])))),
    busy: new Set(all.map((row) => String(row[0]))).difference(locked),
  }
}

// Postgres gives what the schema says; 64 bits come as text.
const toInstant = (value: unknown): Instant | null => (value === null ? null : Number(value))

const toRoom = ([
  id,
  numericId,
  type,
  isBlocked,
  deletedAt,
  directKey,
  by,
  head,
]: readonly unknown[]): OpenRoom => ({
  id: id as RoomId,
  numericId: asRoomNumericId(Number(numericId)),
  type: type as RoomType,
  isBlocked: isBlocked === true,
  deletedAt: toInstant(deletedAt),
  directKey: directKey === null ? null : String(directKey),
  creatorNumericId: by === null ? null : asUserNumericId(Number(by)),
  head: Number(head),
  isDirty: false,
})

const toPlace = ([room, author]: readonly unknown[]): Place => ({
  room: room as RoomId,
  author: asUserNumericId(Number(author)),
})

const toMember = ([, , role, leftAt, mutedUntil]: readonly unknown[]): SendingMember => ({
  role: role as Role,
  leftAt: toInstant(leftAt),
  mutedUntil: toInstant(mutedUntil),
})

/** A message with its place in its room. */
export interface Placed {
  readonly numericId: number
  readonly room: number
  readonly seq: Seq
  readonly append: Append
}

/** Stores the messages and the heads of their rooms; sent at once, and answered together. */
export function storeAll(
  connection: Connection,
  placed: readonly Placed[],
  rooms: ReadonlyMap<string, OpenRoom>,
): Promise<unknown>[] {
  const dirty = [...rooms.values()].filter(({ isDirty }) => isDirty)
  const column = <T>(pick: (it: Placed) => T) => placed.map(pick)
  return [
    connection.query(INSERT, [
      column((it) => it.numericId),
      column((it) => it.room),
      column((it) => it.seq),
      column((it) => it.append.author.numericId),
      column((it) => it.append.draft.type),
      column((it) => it.append.draft.content),
      column((it) => it.append.draft.clientId),
      column(({ append: { draft } }) =>
        draft.metadata === null ? null : JSON.stringify(draft.metadata),
      ),
      column((it) => it.append.createdAt),
    ]),
    connection.query(SAVE_HEADS, [
      dirty.map(({ numericId }) => numericId),
      dirty.map(({ head }) => head),
    ]),
  ]
}
