/** Messages and what belongs to them, as SQLite has them; the other tables are in `sqlite.ts`. */
import { sql } from "drizzle-orm"
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"
import type { MessageType } from "../../protocol/entities"
import type {
  MessageId,
  MessageNumericId,
  RoomNumericId,
  ScheduledId,
  UploadId,
  UserNumericId,
} from "../../protocol/ids"

/**
 * The key is made of room and seq (`messageNumericId`), so a room's history lies together, in
 * order, and needs no index of its own; the public id is made of key and time and is not stored.
 * An insert then touches two trees where it would touch five (bench/ `room-32`). No foreign
 * keys: both rows have been read in the transaction that inserts.
 */
export const messages = sqliteTable(
  "messages",
  {
    numericId: integer("numeric_id").$type<MessageNumericId>().primaryKey(),
    roomNumericId: integer("room_numeric_id").$type<RoomNumericId>().notNull(),
    seq: integer("seq").notNull(),
    changedSeq: integer("changed_seq").notNull(),
    userNumericId: integer("user_numeric_id").$type<UserNumericId>().notNull(),
    type: text("type").$type<MessageType>().notNull(),
    content: text("content").notNull(),
    clientId: text("client_id"),
    replyTo: text("reply_to").$type<MessageId>(),
    threadId: text("thread_id").$type<MessageId>(),
    threadCount: integer("thread_count").notNull().default(0),
    pinnedAt: integer("pinned_at"),
    /** A JSON object, as the sender gave it. */
    metadata: text("metadata"),
    createdAt: integer("created_at").notNull(),
    editedAt: integer("edited_at"),
    deletedAt: integer("deleted_at"),
    /** A JSON object: mentions, reactions and what else few messages have. Null: nothing. */
    extras: text("extras"),
    /** When it is deleted by itself. */
    expiresAt: integer("expires_at"),
  },
  (table) => [
    // Only those that were changed since they were sent: the others are found by their key.
    index("messages_changed")
      .on(table.roomNumericId, table.changedSeq)
      .where(sql`changed_seq <> seq`),
    // Sending again is safe for as long as the message is kept: this index is the promise.
    uniqueIndex("messages_client_id")
      .on(table.roomNumericId, table.userNumericId, table.clientId)
      .where(sql`client_id is not null`),
    // These hold what few messages have: an insert of a plain one touches none of them.
    index("messages_thread").on(table.threadId, table.numericId).where(sql`thread_id is not null`),
    index("messages_pinned")
      .on(table.roomNumericId, table.pinnedAt)
      .where(sql`pinned_at is not null`),
    index("messages_expiring").on(table.expiresAt).where(sql`expires_at is not null`),
  ],
)

/** What a message said before each of its edits. */
export const messageEdits = sqliteTable(
  "message_edits",
  {
    messageNumericId: integer("message_numeric_id").$type<MessageNumericId>().notNull(),
    /** The seq of the edit that replaced it. */
    seq: integer("seq").notNull(),
    content: text("content").notNull(),
    metadata: text("metadata"),
    /** When it was written. */
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.messageNumericId, table.seq] })],
)

/** Who reacted with what. Messages hold their sum, so that reading one needs no other row. */
export const reactions = sqliteTable(
  "reactions",
  {
    messageNumericId: integer("message_numeric_id").$type<MessageNumericId>().notNull(),
    emoji: text("emoji").notNull(),
    userNumericId: integer("user_numeric_id").$type<UserNumericId>().notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.messageNumericId, table.emoji, table.userNumericId] })],
)

/** Whom messages mention, to be counted where they are not read yet. */
export const mentions = sqliteTable(
  "mentions",
  {
    /** 0: everybody in the room, who is then not mentioned one by one. */
    userNumericId: integer("user_numeric_id").$type<UserNumericId>().notNull(),
    roomNumericId: integer("room_numeric_id").$type<RoomNumericId>().notNull(),
    seq: integer("seq").notNull(),
    /** Whose message it is: nobody mentions themselves. */
    authorNumericId: integer("author_numeric_id").$type<UserNumericId>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.userNumericId, table.roomNumericId, table.seq] })],
)

/** Files that were handed in. What they hold is kept under its hash, once for all who have it. */
export const uploads = sqliteTable(
  "uploads",
  {
    id: text("id").$type<UploadId>().primaryKey(),
    userNumericId: integer("user_numeric_id").$type<UserNumericId>().notNull(),
    name: text("name").notNull(),
    /** By content, not by name. */
    mime: text("mime").notNull(),
    /** Bytes. */
    size: integer("size").notNull(),
    /** SHA-256, in hex. */
    hash: text("hash").notNull(),
    width: integer("width"),
    height: integer("height"),
    /** The same of its small picture, where it has one. */
    thumbnailHash: text("thumbnail_hash"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    index("uploads_hash").on(table.hash),
    index("uploads_thumbnail").on(table.thumbnailHash),
    index("uploads_user").on(table.userNumericId),
    index("uploads_created").on(table.createdAt),
  ],
)

/** Which messages show a file: who may read one of them may read the file. */
export const attachments = sqliteTable(
  "attachments",
  {
    uploadId: text("upload_id").$type<UploadId>().notNull(),
    messageNumericId: integer("message_numeric_id").$type<MessageNumericId>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.uploadId, table.messageNumericId] }),
    index("attachments_message").on(table.messageNumericId),
  ],
)

/** Messages that are to be sent later. */
export const scheduledMessages = sqliteTable(
  "scheduled_messages",
  {
    id: text("id").$type<ScheduledId>().primaryKey(),
    roomNumericId: integer("room_numeric_id").$type<RoomNumericId>().notNull(),
    userNumericId: integer("user_numeric_id").$type<UserNumericId>().notNull(),
    /** A JSON object: the message as it is to be sent. */
    draft: text("draft").notNull(),
    sendAt: integer("send_at").notNull(),
    createdAt: integer("created_at").notNull(),
    /** The code of the error for which it was not sent; then it is not tried again. */
    failedCode: text("failed_code"),
  },
  (table) => [
    index("scheduled_messages_due").on(table.sendAt).where(sql`failed_code is null`),
    index("scheduled_messages_user").on(table.userNumericId, table.sendAt),
  ],
)
