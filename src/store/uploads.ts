import { and, asc, eq, gt, like, lt, ne, notExists, or, sql } from "drizzle-orm"
import type { Upload } from "../protocol/entities"
import { type Instant, SYSTEM_NUMERIC_ID, type UploadId, type UserNumericId } from "../protocol/ids"
import type { Tables } from "./database"
import { type Script, statement } from "./script"

/** A place in the order of uploads by their time. */
export interface UploadPlace {
  readonly createdAt: Instant
  readonly id: UploadId
}

export interface ListedUpload extends Upload {
  readonly isAttached: boolean
}

const PAGE = 100

/**
 * Files that were handed in. One that is to go is condemned before its content is removed: then it
 * is the server's own, and nobody's to find. As long as it is there, nothing of the same content
 * comes in, so what is removed is never somebody's who came meanwhile.
 */
export function createUploads({ queries, schema }: Tables) {
  const { uploads, attachments, scheduledMessages, users } = schema
  const v = sql.placeholder
  const columns = {
    id: uploads.id,
    owner: uploads.userNumericId,
    name: uploads.name,
    mime: uploads.mime,
    size: uploads.size,
    hash: uploads.hash,
    width: uploads.width,
    height: uploads.height,
    thumbnailHash: uploads.thumbnailHash,
    createdAt: uploads.createdAt,
  }
  const select = () => queries.select(columns).from(uploads).$dynamic()
  const isKept = ne(uploads.userNumericId, SYSTEM_NUMERIC_ID)
  const isCondemned = eq(uploads.userNumericId, SYSTEM_NUMERIC_ID)
  const holds = or(eq(uploads.hash, v("hash")), eq(uploads.thumbnailHash, v("hash")))
  const isId = eq(uploads.id, v("id"))
  const isUnattached = notExists(
    queries.select({ one: sql`1` }).from(attachments).where(eq(attachments.uploadId, uploads.id)),
  )
  const byId = statement(() => select().where(and(isId, isKept)))
  const unfinished = statement(() =>
    select().where(and(isId, isCondemned, eq(uploads.createdAt, v("createdAt")))),
  )
  const insert = statement(() =>
    queries
      .insert(uploads)
      .values({
        id: v("id"),
        userNumericId: v("owner"),
        name: v("name"),
        mime: v("mime"),
        size: v("size"),
        hash: v("hash"),
        width: v("width"),
        height: v("height"),
        thumbnailHash: v("thumbnailHash"),
        createdAt: v("createdAt"),
      })
      .returning({ id: uploads.id }),
  )
  const condemn = statement(() =>
    queries
      .update(uploads)
      .set({ userNumericId: SYSTEM_NUMERIC_ID, createdAt: sql`${v("now")}` })
      .where(isId)
      .returning({ id: uploads.id }),
  )
  const remove = statement(() => queries.delete(uploads).where(isId).returning({ id: uploads.id }))
  const othersWith = statement(() =>
    queries
      .select({ id: uploads.id })
      .from(uploads)
      .where(and(holds, isKept, ne(uploads.id, v("id"))))
      .limit(1),
  )
  const condemnedWith = statement(() =>
    queries.select({ id: uploads.id }).from(uploads).where(and(holds, isCondemned)).limit(1),
  )
  const looseBytes = statement(() =>
    queries
      .select({ bytes: sql<number>`coalesce(sum(${uploads.size}), 0)`.mapWith(Number) })
      .from(uploads)
      .where(
        and(eq(uploads.userNumericId, v("owner")), gt(uploads.createdAt, v("since")), isUnattached),
      ),
  )
  // Not only those that nothing shows: to find these might take a look at all others at once.
  const page = statement(() =>
    queries
      .select({ ...columns, isAttached: sql<boolean>`not ${isUnattached}`.mapWith(Boolean) })
      .from(uploads)
      .where(
        and(
          lt(uploads.createdAt, v("until")),
          or(
            gt(uploads.createdAt, v("createdAt")),
            and(eq(uploads.createdAt, v("createdAt")), gt(uploads.id, v("after"))),
          ),
        ),
      )
      .orderBy(asc(uploads.createdAt), asc(uploads.id))
      .limit(PAGE),
  )
  const attached = statement(() =>
    queries
      .select({ id: attachments.uploadId })
      .from(attachments)
      .where(eq(attachments.uploadId, v("id")))
      .limit(1),
  )
  const avatar = statement(() =>
    queries
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.numericId, v("owner")), eq(users.avatarUrl, v("address")))),
  )
  // The ids of a draft stand in its JSON. Few messages wait, and only their author's are looked at.
  const scheduled = statement(() =>
    queries
      .select({ id: scheduledMessages.id })
      .from(scheduledMessages)
      .where(
        and(
          eq(scheduledMessages.userNumericId, v("owner")),
          like(scheduledMessages.draft, v("pattern")),
        ),
      )
      .limit(1),
  )

  return {
    find: (id: UploadId): Script<Upload | null> => byId.first({ id }),
    /** One that was condemned then, and has not been since: each time, one finishes it. */
    findUnfinished: ({ id, createdAt }: UploadPlace): Script<Upload | null> =>
      unfinished.first({ id, createdAt }),
    *insert(upload: Upload): Script<void> {
      yield* insert.first({ ...upload })
    },
    /** Of what came in since then and no message shows, all together. */
    *looseBytesOf(owner: UserNumericId, since: Instant): Script<number> {
      return (yield* looseBytes.first({ owner, since }))?.bytes ?? 0
    },
    /** Whether any message shows it. */
    *isAttached(id: UploadId): Script<boolean> {
      return (yield* attached.first({ id })) !== null
    },
    /** Whether it is how its owner looks. */
    *isAvatar({ id, owner }: Pick<Upload, "id" | "owner">): Script<boolean> {
      return (yield* avatar.first({ owner, address: `/api/v1/uploads/${id}` })) !== null
    },
    /** Whether a message of its owner that is to be sent later shows it. */
    *isScheduled({ id, owner }: Pick<Upload, "id" | "owner">): Script<boolean> {
      return (yield* scheduled.first({ owner, pattern: `%${id}%` })) !== null
    },
    /** Whether another upload holds that, too. */
    *isHeldByOthers(hash: string, id: UploadId): Script<boolean> {
      return (yield* othersWith.first({ hash, id })) !== null
    },
    /** Whether it is being removed just now. */
    *isGoing(hash: string): Script<boolean> {
      return (yield* condemnedWith.first({ hash })) !== null
    },
    *condemn(id: UploadId, now: Instant): Script<void> {
      yield* condemn.first({ id, now })
    },
    *remove(id: UploadId): Script<void> {
      yield* remove.first({ id })
    },
    /** A hundred of those before an instant, the condemned too, oldest first. */
    page: ({ createdAt, id }: UploadPlace, until: Instant): Script<readonly ListedUpload[]> =>
      page.all({ createdAt, after: id, until }),
  }
}
