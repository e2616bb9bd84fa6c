import { ChatError, ERRORS, type FieldProblem } from "../protocol/errors"

export interface ProblemOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** By which the failure is found in the log. */
  readonly requestId?: string
}

/** An error as REST tells it: `application/problem+json` (RFC 9457) with our own `code`. */
export function problemResponse(
  error: ChatError,
  { headers = {}, requestId }: ProblemOptions = {},
): Response {
  const { status, title } = ERRORS[error.code]
  const body = {
    type: `urn:parley:error:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    ...(error.problems.length === 0 ? {} : { errors: error.problems }),
    ...(requestId === undefined ? {} : { request_id: requestId }),
  }
  const response = new Response(JSON.stringify(body), {
    status,
    headers: { ...headers, "content-type": "application/problem+json" },
  })
  if (error.retryAfterMs !== undefined) {
    response.headers.set("retry-after", String(Math.ceil(error.retryAfterMs / 1000)))
  }
  // The rest of what is too large is not waited for.
  if (error.code === "payload_too_large") response.headers.set("connection", "close")
  if (error.code === "unauthorized") response.headers.set("www-authenticate", "Bearer")
  return response
}

interface SchemaIssue {
  readonly path: string
  readonly message: string
}

const isSchemaIssue = (it: unknown): it is SchemaIssue =>
  typeof it === "object" &&
  it !== null &&
  "path" in it &&
  typeof it.path === "string" &&
  "message" in it &&
  typeof it.message === "string"

/** Elysia's own failures in the words of our table. Null: not a failure of the request. */
export function requestError(elysiaCode: string | number, error: unknown): ChatError | null {
  switch (elysiaCode) {
    case "VALIDATION":
      return new ChatError("invalid_request", { problems: schemaProblems(error), cause: error })
    case "PARSE":
      // Elysia wraps what a parser throws, our own refusals too.
      if (error instanceof Error && error.cause instanceof ChatError) return error.cause
      return new ChatError("invalid_request", {
        detail: "the body is not valid JSON",
        cause: error,
      })
    case "INVALID_COOKIE_SIGNATURE":
      return new ChatError("unauthorized", { cause: error })
    case "NOT_FOUND":
      return new ChatError("not_found", { detail: "there is no such address" })
    default:
      return null
  }
}

function schemaProblems(error: unknown): FieldProblem[] {
  const issues: unknown = typeof error === "object" && error && "all" in error ? error.all : []
  if (!Array.isArray(issues)) return []
  return issues.filter(isSchemaIssue).map(({ path, message }) => ({
    path: path === "root" ? "" : path,
    message,
  }))
}

/** What the server answers when it failed itself: never a stack or an SQL text. */
export const internalError = (cause: unknown): ChatError => new ChatError("internal", { cause })
