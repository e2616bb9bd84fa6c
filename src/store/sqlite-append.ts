import type { Database as SqliteFile } from "bun:sqlite"
import { and, eq, sql } from "drizzle-orm"
import type { RoomId, RoomNumericId, Seq } from "../protocol/ids"
import { messageNumericId, SEQS_PER_ROOM } from "../protocol/message-id"
import type { SendReceipt } from "../protocol/replies"
import { written } from "./appended"
import type { Append, Queries, SendingMember, SendingRoom } from "./database"
import { members, messages, rooms } from "./schema/sqlite"
import type { Written } from "./write-queue"

/** A room as the current transaction has left it. */
interface OpenRoom extends SendingRoom {
  head: Seq
  isDirty: boolean
  readonly members: Map<number, SendingMember | null>
}

/**
 * Stores plain messages at the speed of the file. Within one transaction each room and each
 * sender is read once and each room's head is written once, however many messages it got; the
 * rows are the transaction's own, so nothing is remembered from one to the next.
 */
export function createAppender(file: SqliteFile, queries: Queries) {
  const openRooms = new Map<RoomId, OpenRoom | null>()
  const v = sql.placeholder
  const findRoom = queries
    .select({
      id: rooms.id,
      numericId: rooms.numericId,
      type: rooms.type,
      isBlocked: rooms.isBlocked,
      head: rooms.head,
      deletedAt: rooms.deletedAt,
      directKey: rooms.directKey,
      creatorNumericId: rooms.createdBy,
    })
    .from(rooms)
    .where(eq(rooms.id, v("id")))
    .prepare()
  const findMember = queries
    .select({ role: members.role, leftAt: members.leftAt, mutedUntil: members.mutedUntil })
    .from(members)
    .where(and(eq(members.roomNumericId, v("room")), eq(members.userNumericId, v("user"))))
    .prepare()
  const saveHead = queries
    .update(rooms)
    .set({ head: sql`${v("head")}` })
    .where(eq(rooms.numericId, v("room")))
    .prepare()
  // Drizzle writes the statement, from the schema; we run it without Drizzle's mapping of
  // placeholders, which is a fifth of the time of an insert. The order of values below is that
  // of the columns, and a test compares each stored column with what was sent.
  const insert = file.prepare<never, (string | number | null)[]>(
    queries
      .insert(messages)
      .values({
        numericId: v("numericId"),
        roomNumericId: v("room"),
        seq: v("seq"),
        changedSeq: v("changedSeq"),
        userNumericId: v("user"),
        type: v("type"),
        content: v("content"),
        clientId: v("clientId"),
        threadCount: sql`0`,
        metadata: v("metadata"),
        createdAt: v("createdAt"),
      })
      .onConflictDoNothing()
      .toSQL().sql,
  )

  function openRoom(id: RoomId): OpenRoom | null {
    const known = openRooms.get(id)
    if (known !== undefined) return known
    const row = findRoom.get({ id })
    const room = row === undefined ? null : { ...row, isDirty: false, members: new Map() }
    openRooms.set(id, room)
    return room
  }

  function memberOf(room: OpenRoom, user: number): SendingMember | null {
    const known = room.members.get(user)
    if (known !== undefined) return known
    const member = findMember.get({ room: room.numericId, user }) ?? null
    room.members.set(user, member)
    return member
  }

  /** Stores the message if that is all there is to do; null where the general case must decide. */
  function append(message: Append): Written<SendReceipt> | null {
    const { draft, author, createdAt, permits } = message
    const room = openRoom(draft.roomId)
    if (room === null) return null
    const member = memberOf(room, author.numericId)
    if (member === null || !permits(room, member)) return null
    const seq = room.head + 1
    if (seq >= SEQS_PER_ROOM) return null
    const numericId = messageNumericId(room.numericId, seq)
    const { changes } = insert.run(
      numericId,
      room.numericId,
      seq,
      seq,
      author.numericId,
      draft.type,
      draft.content,
      draft.clientId,
      draft.metadata === null ? null : JSON.stringify(draft.metadata),
      createdAt,
    )
    if (changes === 0) return null
    room.head = seq
    room.isDirty = true
    return written(message, { room, seq, numericId })
  }

  /** Writes the heads back and forgets all rows: a script that follows may change any of them. */
  function saveHeads(): void {
    for (const room of openRooms.values()) {
      if (room?.isDirty) saveHead.run({ head: room.head, room: room.numericId as RoomNumericId })
    }
    openRooms.clear()
  }

  return { append, saveHeads, begin: () => openRooms.clear() }
}
