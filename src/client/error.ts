import type { ErrorCode, FieldProblem } from "../protocol/errors"

/**
 * What went wrong, by the server's table of codes. `offline`: the server was not reached.
 * `too_new`: it answered what this version does not understand.
 */
export type ClientErrorCode = ErrorCode | "offline" | "too_new"

interface ClientErrorDetails {
  readonly status?: number | undefined
  readonly problems?: readonly FieldProblem[] | undefined
  readonly retryAfterMs?: number | undefined
  readonly isRetryable?: boolean | undefined
  readonly cause?: unknown
}

/** The one error that the SDK throws. `message` is for developers; show words of your own by `code`. */
export class ParleyError extends Error {
  override readonly name = "ParleyError"
  /** Of the HTTP answer, where there was one. */
  readonly status: number | undefined
  /** Which fields are wrong. */
  readonly problems: readonly FieldProblem[]
  readonly retryAfterMs: number | undefined
  /** The same request may succeed later without being changed. */
  readonly isRetryable: boolean

  constructor(
    readonly code: ClientErrorCode,
    message: string,
    details: ClientErrorDetails = {},
  ) {
    super(message, { cause: details.cause })
    this.status = details.status
    this.problems = details.problems ?? []
    this.retryAfterMs = details.retryAfterMs
    this.isRetryable = details.isRetryable ?? code === "offline"
  }
}

/** Null: what was thrown is none of ours. */
export const codeOf = (error: unknown): ClientErrorCode | null =>
  error instanceof ParleyError ? error.code : null
