import { eq } from "drizzle-orm"
import { z } from "zod"
import type { Message } from "../protocol/entities"
import { isFields } from "../protocol/json"
import { messageId } from "../protocol/message-id"
import type { Schema, Tables } from "./database"
import { parseExtras } from "./message-extras"
import { profileColumns } from "./users"

const messageColumns = ({ rooms, users, messages }: Schema) => ({
  numericId: messages.numericId,
  roomId: rooms.id,
  seq: messages.seq,
  changedSeq: messages.changedSeq,
  author: profileColumns({ users }),
  type: messages.type,
  content: messages.content,
  clientId: messages.clientId,
  replyTo: messages.replyTo,
  threadId: messages.threadId,
  threadCount: messages.threadCount,
  pinnedAt: messages.pinnedAt,
  metadata: messages.metadata,
  extras: messages.extras,
  createdAt: messages.createdAt,
  editedAt: messages.editedAt,
  deletedAt: messages.deletedAt,
  expiresAt: messages.expiresAt,
})

type MessageRow = Omit<Message, "id" | "metadata" | "extras"> & {
  readonly metadata: string | null
  readonly extras: string | null
}

const StoredMetadata = z.custom<Readonly<Record<string, unknown>>>(isFields)

export const toMessage = ({ metadata, extras, ...row }: MessageRow): Message => ({
  id: messageId(row.numericId, row.createdAt),
  ...row,
  metadata: metadata === null ? null : StoredMetadata.parse(JSON.parse(metadata)),
  extras: parseExtras(extras),
})

/** Begins what every query does that answers with whole messages. */
export const selectMessages = ({ queries, schema }: Tables) => {
  const { messages, rooms, users } = schema
  return queries
    .select(messageColumns(schema))
    .from(messages)
    .innerJoin(rooms, eq(rooms.numericId, messages.roomNumericId))
    .innerJoin(users, eq(users.numericId, messages.userNumericId))
    .$dynamic()
}
