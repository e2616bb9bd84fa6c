import { and, desc, eq, isNull, or, sql } from "drizzle-orm"
import type { MessageNumericId, RoomId, UploadId, UserNumericId } from "../protocol/ids"
import type { Tables } from "./database"
import { type Script, statement } from "./script"

/** Rooms that are looked at to find one in which somebody may see a file. */
const ROOMS_MAX = 50

/** Which messages show which files. */
export function createAttachments({ queries, schema }: Tables) {
  const { attachments, messages, rooms, members } = schema
  const v = sql.placeholder
  const insert = statement(() =>
    queries
      .insert(attachments)
      .values({ uploadId: v("upload"), messageNumericId: v("message") })
      .onConflictDoNothing()
      .returning({ upload: attachments.uploadId }),
  )
  const forget = statement(() =>
    queries
      .delete(attachments)
      .where(eq(attachments.messageNumericId, v("message")))
      .returning({ upload: attachments.uploadId }),
  )
  const showing = statement(() =>
    queries
      .selectDistinct({ id: rooms.id, numericId: rooms.numericId })
      .from(attachments)
      .innerJoin(messages, eq(messages.numericId, attachments.messageNumericId))
      .innerJoin(rooms, eq(rooms.numericId, messages.roomNumericId))
      .leftJoin(
        members,
        and(eq(members.roomNumericId, rooms.numericId), eq(members.userNumericId, v("user"))),
      )
      .where(
        and(
          eq(attachments.uploadId, v("upload")),
          isNull(messages.deletedAt),
          isNull(rooms.deletedAt),
          or(
            eq(rooms.type, "public"),
            and(eq(members.userNumericId, v("user")), isNull(members.leftAt)),
          ),
        ),
      )
      .orderBy(desc(rooms.numericId))
      .limit(ROOMS_MAX),
  )

  return {
    *show(message: MessageNumericId, upload: UploadId): Script<void> {
      yield* insert.first({ message, upload })
    },
    /** For a message that shows nothing any more. */
    *forget(message: MessageNumericId): Script<void> {
      yield* forget.all({ message })
    },
    /** The newest rooms with a message that shows it, of those that somebody may see. */
    *roomsShowing(upload: UploadId, user: UserNumericId): Script<readonly RoomId[]> {
      return (yield* showing.all({ upload, user })).map(({ id }) => id)
    },
  }
}
