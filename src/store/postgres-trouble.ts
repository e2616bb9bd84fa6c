import { SQL } from "bun"
import { ChatError } from "../protocol/errors"
import { troubleRefusal } from "./trouble"

/**
 * Trouble of the whole database, by the first characters of SQLSTATE: connections (08), what may
 * only be read (25006), a transaction that was taken too long (25P03, 25P04), who we are (28,
 * 3D), resources (53: a full disk, no connection left), locks (55P03), an operator (57: it stops,
 * a query was cancelled), its files (58, XX), and writers in each other's way (40).
 */
const TROUBLE = /^(08|25006|25P0[34]|28|3D|53|55P03|57|58|XX|40)/

/** After these there is no connection left, or none that anything more can be done with. */
const ENDED = /^(08|25P03|57P0)/

/** Somebody else has written at the same time; a unique name may have been taken by them. */
const CONFLICT = /^(40001|40P01|23505)$/

/** A text with NUL, which Postgres does not store. */
const NOT_TEXT = "22021"

/** What Bun itself says of a query that it could not encode; all else is about the connection. */
const OF_THE_QUERY =
  /^ERR_POSTGRES_(SERVER_ERROR|.*(BINARY|ENCOD|INVALID_QUERY|ARRAY|PARAMETER).*)$/

const sqlStateOf = (error: unknown): string =>
  error instanceof SQL.PostgresError && error.code === "ERR_POSTGRES_SERVER_ERROR"
    ? String(error.errno ?? "")
    : ""

/** The connection ended, or never was: whether a COMMIT on its way was heard is not known. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof SQL.PostgresError)) {
    return error instanceof LostConnection || error instanceof NoConnection
  }
  return !OF_THE_QUERY.test(error.code) || ENDED.test(sqlStateOf(error))
}

/**
 * A connection that had ended before it was used, as after a restart: another try costs nothing.
 * Who has waited in vain for an answer is not made to wait again.
 */
export const isCutOff = (error: unknown): boolean =>
  isLost(error) &&
  error instanceof SQL.PostgresError &&
  error.code !== "ERR_POSTGRES_CONNECTION_TIMEOUT"

export const isConflict = (error: unknown): boolean => CONFLICT.test(sqlStateOf(error))

export const isTaken = (error: unknown): boolean => sqlStateOf(error) === "23505"

/** Somebody else has locked something for too long. */
export const isLocked = (error: unknown): boolean => sqlStateOf(error) === "55P03"

/** Whatever it is, no single query has caused it, and it may pass. */
export const isTrouble = (error: unknown): boolean =>
  isLost(error) || TROUBLE.test(sqlStateOf(error))

/** Nobody answered in time, so the connection was given up. */
export class LostConnection extends Error {
  override readonly name = "LostConnection"
}

/** There was no connection to be had, so nothing was begun. Another try would wait as long. */
export class NoConnection extends Error {
  override readonly name = "NoConnection"
  constructor(readonly reason: unknown) {
    super("no connection")
  }
}

/**
 * What may be logged of a failed query. Postgres names values in its messages and details (a
 * taken name, a text that it could not read), and those are people's.
 */
export class PostgresFailure extends Error {
  override readonly name = "PostgresFailure"
  readonly code: string
  readonly constraint: string | undefined

  constructor(error: unknown) {
    const state = sqlStateOf(error)
    const code = state || (error instanceof SQL.PostgresError ? error.code : "")
    // Of the connection and the server it speaks of neither rows nor values.
    const isOurs = isTrouble(error) && !/^(22|23|40)/.test(state)
    const detail = isOurs && error instanceof Error ? error.message : "a query failed"
    super(`${detail} (${code || "no code"})`)
    this.code = code
    this.constraint =
      error instanceof SQL.PostgresError && error.constraint !== undefined
        ? String(error.constraint)
        : undefined
    if (error instanceof Error && error.stack !== undefined) {
      this.stack = `${this.name}: ${this.message}\n${framesOf(error.stack)}`
    }
  }
}

/** Where it happened; the lines before say what, values and all. */
const framesOf = (stack: string) =>
  stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .join("\n")

const isPostgres = (error: unknown): boolean => error instanceof SQL.PostgresError || isLost(error)

/**
 * What a caller is told: to try again, what to leave out, or, where the query is at fault, what
 * may be logged.
 */
export function refusalOf(
  error: unknown,
  detail: string,
  onTrouble: (error: unknown) => void,
): unknown {
  if (!isPostgres(error)) return error
  if (sqlStateOf(error) === NOT_TEXT) {
    return new ChatError("invalid_request", { detail: "text must not contain NUL" })
  }
  const failure = new PostgresFailure(error instanceof NoConnection ? error.reason : error)
  if (!isTrouble(error)) return failure
  onTrouble(failure)
  const refusal: ChatError = troubleRefusal(detail, failure)
  return refusal
}
