import { SQLiteError } from "bun:sqlite"
import { ChatError } from "../protocol/errors"

/** When a client may try again. Every write tries the disk anew, so sooner is not forbidden. */
const RETRY_AFTER_MS = 1_000

/**
 * Trouble of the whole file, which no single query has caused and which may pass: a full disk, a
 * file that is locked, read-only, gone or damaged. What SQLite says of one query is no trouble.
 */
const TROUBLE =
  /^SQLITE_(BUSY|LOCKED|PROTOCOL|FULL|IOERR|READONLY|CANTOPEN|NOMEM|CORRUPT|NOTADB|PERM|AUTH)/

/** Drizzle wraps some of what SQLite throws. */
function sqliteCodeOf(error: unknown): string {
  if (error instanceof SQLiteError) return error.code ?? ""
  return error instanceof Error && error.cause !== undefined ? sqliteCodeOf(error.cause) : ""
}

export const isTrouble = (error: unknown): boolean => TROUBLE.test(sqliteCodeOf(error))

/** Somebody else writes, and does not come to an end. */
export const isBusy = (error: unknown): boolean => /^SQLITE_BUSY/.test(sqliteCodeOf(error))

/** What those are told whose query met with trouble: nothing of its cause, but to try again. */
export const troubleRefusal = (detail: string, cause: unknown): ChatError =>
  new ChatError("overloaded", { detail, retryAfterMs: RETRY_AFTER_MS, cause })
