import { ParleyError } from "../../client/error"
import { t } from "."

/** What went wrong, in words for people: by the error's code, and when to try again. */
export function wordsFor(error: unknown): string {
  const { errors, trouble } = t()
  if (!(error instanceof ParleyError)) return trouble.unknown
  const words = errors[error.code]
  if (error.retryAfterMs === undefined || error.retryAfterMs < 2_000) return words
  return `${words} ${trouble.retryIn(Math.ceil(error.retryAfterMs / 1_000))}`
}
