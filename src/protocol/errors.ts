/**
 * The one table of errors. Codes are stable for ever and never renamed; texts may change.
 * `retryable`: the same request may succeed later without being changed.
 */
export const ERRORS = {
  invalid_request: { status: 400, retryable: false, title: "The request is malformed" },
  unauthorized: { status: 401, retryable: false, title: "Valid credentials are needed" },
  forbidden: { status: 403, retryable: false, title: "You may not do this" },
  banned: { status: 403, retryable: false, title: "You are banned from this room" },
  muted: { status: 403, retryable: false, title: "You are muted in this room" },
  not_found: { status: 404, retryable: false, title: "There is nothing here" },
  room_not_found: { status: 404, retryable: false, title: "There is no such room" },
  message_not_found: { status: 404, retryable: false, title: "There is no such message" },
  user_not_found: { status: 404, retryable: false, title: "There is no such user" },
  invite_not_found: { status: 404, retryable: false, title: "There is no such invite" },
  upload_not_found: { status: 404, retryable: false, title: "There is no such upload" },
  method_not_allowed: { status: 405, retryable: false, title: "This address has no such method" },
  conflict: { status: 409, retryable: false, title: "This is taken or already so" },
  room_full: { status: 409, retryable: true, title: "The room is full" },
  room_limit: { status: 409, retryable: false, title: "You own as many rooms as you may" },
  payload_too_large: { status: 413, retryable: false, title: "This is too large" },
  rate_limited: { status: 429, retryable: true, title: "Too many requests" },
  internal: { status: 500, retryable: true, title: "The server failed" },
  overloaded: { status: 503, retryable: true, title: "The server is overloaded" },
} as const satisfies Record<string, { status: number; retryable: boolean; title: string }>

export type ErrorCode = keyof typeof ERRORS

export const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]

/** One field that is wrong: `path` in dots (`rooms.0.room_id`), `message` for a developer. */
export interface FieldProblem {
  readonly path: string
  readonly message: string
}

interface ChatErrorDetails {
  /** What exactly is wrong, in a sentence that may be shown to a developer. */
  readonly detail?: string
  readonly problems?: readonly FieldProblem[]
  readonly retryAfterMs?: number
  /** It is there, but not for the one who asks. Few protocols may tell that. */
  readonly isHidden?: boolean
  readonly cause?: unknown
}

/** The one error that rules throw. Edges turn it into their protocol's form; nothing else does. */
export class ChatError extends Error {
  override readonly name = "ChatError"
  readonly problems: readonly FieldProblem[]
  readonly retryAfterMs: number | undefined
  readonly isHidden: boolean

  constructor(
    readonly code: ErrorCode,
    { detail, problems = [], retryAfterMs, isHidden = false, cause }: ChatErrorDetails = {},
  ) {
    super(detail ?? describeProblems(problems) ?? ERRORS[code].title, { cause })
    this.problems = problems
    this.retryAfterMs = retryAfterMs
    this.isHidden = isHidden
  }
}

function describeProblems(problems: readonly FieldProblem[]): string | undefined {
  const [first] = problems
  if (first === undefined) return undefined
  return first.path === "" ? first.message : `${first.path}: ${first.message}`
}

/** Somebody else has this name or address. */
export const nameTaken = (field: "username" | "email"): ChatError =>
  new ChatError("conflict", { problems: [{ path: field, message: "is taken" }] })
