import { and, count, desc, eq, gt, isNull, or, sql } from "drizzle-orm"
import { z } from "zod"
import {
  type ApiKey,
  KEY_SCOPES,
  type KeyScope,
  type Page,
  type User,
  WHOLE_LIST,
} from "../protocol/entities"
import type { Instant, KeyId, UserNumericId } from "../protocol/ids"
import type { Schema, Tables } from "./database"
import { type Script, statement } from "./script"
import { userColumns } from "./users"

const keyColumns = ({ apiKeys }: Schema) => ({
  id: apiKeys.id,
  name: apiKeys.name,
  scopes: apiKeys.scopes,
  createdAt: apiKeys.createdAt,
  expiresAt: apiKeys.expiresAt,
  lastUsedAt: apiKeys.lastUsedAt,
})

const Scopes = z.array(z.enum(KEY_SCOPES))
const parseScopes = (text: string) => Scopes.parse(JSON.parse(text))

export type NewApiKey = Omit<ApiKey, "lastUsedAt"> & {
  readonly userNumericId: UserNumericId
  readonly hash: string
}

/** A key that is good, and whose it is. */
export interface LiveKey {
  readonly user: User
  readonly keyId: KeyId
  readonly scopes: readonly KeyScope[]
  readonly expiresAt: Instant | null
}

export function createApiKeys({ queries, schema }: Tables) {
  const { apiKeys, users } = schema
  const v = sql.placeholder
  const insert = statement(() =>
    queries
      .insert(apiKeys)
      .values({
        id: v("id"),
        userNumericId: v("userNumericId"),
        name: v("name"),
        hash: v("hash"),
        scopes: v("scopes"),
        createdAt: v("createdAt"),
        expiresAt: v("expiresAt"),
      })
      .returning(keyColumns(schema)),
  )
  const live = statement(() =>
    queries
      .select({
        keyId: apiKeys.id,
        scopes: apiKeys.scopes,
        expiresAt: apiKeys.expiresAt,
        user: userColumns(schema),
      })
      .from(apiKeys)
      .innerJoin(users, eq(users.numericId, apiKeys.userNumericId))
      .where(
        and(
          eq(apiKeys.hash, v("hash")),
          isNull(apiKeys.revokedAt),
          or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, v("now"))),
          isNull(users.disabledAt),
          isNull(users.deletedAt),
        ),
      ),
  )
  const list = statement(() =>
    queries
      .select(keyColumns(schema))
      .from(apiKeys)
      .where(and(eq(apiKeys.userNumericId, v("user")), isNull(apiKeys.revokedAt)))
      .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
      .limit(v("limit"))
      .offset(v("offset")),
  )
  const countGood = statement(() =>
    queries
      .select({ count: count() })
      .from(apiKeys)
      .where(
        and(
          eq(apiKeys.userNumericId, v("user")),
          isNull(apiKeys.revokedAt),
          or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, v("now"))),
        ),
      ),
  )
  const clearScopes = statement(() =>
    queries
      .update(apiKeys)
      .set({ scopes: "[]" })
      .where(eq(apiKeys.userNumericId, v("user")))
      .returning({ id: apiKeys.id }),
  )
  const deleteAll = statement(() =>
    queries
      .delete(apiKeys)
      .where(eq(apiKeys.userNumericId, v("user")))
      .returning({ id: apiKeys.id }),
  )
  const revoke = statement(() =>
    queries
      .update(apiKeys)
      .set({ revokedAt: sql`${v("now")}` })
      .where(
        and(
          eq(apiKeys.id, v("id")),
          eq(apiKeys.userNumericId, v("user")),
          isNull(apiKeys.revokedAt),
        ),
      )
      .returning({ id: apiKeys.id }),
  )

  const owner = statement(() =>
    queries
      .select({ userNumericId: apiKeys.userNumericId })
      .from(apiKeys)
      .where(
        and(
          eq(apiKeys.id, v("id")),
          isNull(apiKeys.revokedAt),
          or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, v("now"))),
        ),
      ),
  )
  const touch = statement(() =>
    queries
      .update(apiKeys)
      .set({ lastUsedAt: sql`${v("now")}` })
      .where(eq(apiKeys.id, v("id")))
      .returning({ id: apiKeys.id }),
  )

  return {
    *insert(key: NewApiKey): Script<void> {
      yield* insert.first({ ...key, scopes: JSON.stringify(key.scopes) })
    },
    *findUser(hash: string, now: Instant): Script<LiveKey | null> {
      const row = yield* live.first({ hash, now })
      return row === null ? null : { ...row, scopes: parseScopes(row.scopes) }
    },
    *list(user: UserNumericId, page: Page = WHOLE_LIST): Script<readonly ApiKey[]> {
      const rows = yield* list.all({ user, ...page })
      return rows.map((row) => ({ ...row, scopes: parseScopes(row.scopes) }))
    },
    /** Keys stay, and may do no more than their owner. */
    *clearScopes(user: UserNumericId): Script<void> {
      yield* clearScopes.all({ user })
    },
    *countGood(user: UserNumericId, now: Instant): Script<number> {
      return (yield* countGood.first({ user, now }))?.count ?? 0
    },
    *deleteAll(user: UserNumericId): Script<void> {
      yield* deleteAll.all({ user })
    },
    /** Whose key this is; null: it has ended, or never was. */
    *findOwner(id: KeyId, now: Instant): Script<UserNumericId | null> {
      return (yield* owner.first({ id, now }))?.userNumericId ?? null
    },
    *touch(id: KeyId, now: Instant): Script<void> {
      yield* touch.first({ id, now })
    },
    /** False: this user has no such living key. */
    *revoke(id: KeyId, user: UserNumericId, now: Instant): Script<boolean> {
      return (yield* revoke.first({ id, user, now })) !== null
    },
  }
}
