import { ChatError, type ErrorCode } from "../protocol/errors"
import type { Instant } from "../protocol/ids"
import type { CloseReason, Connection } from "./connection"

/** Why a connection ends whose user's right to it has ended, in the words of the one table. */
const ERROR_OF: Partial<Record<CloseReason, ErrorCode>> = {
  revoked: "unauthorized",
  tokenExpired: "unauthorized",
  disabled: "user_not_found",
}

/** Closes a connection, telling it why where its protocol has a word for it. */
export function endWithWord(connection: Connection, reason: CloseReason, at: Instant): void {
  const code = ERROR_OF[reason]
  if (code !== undefined) {
    const error = new ChatError(code)
    const frame = connection.voice.encodeSignal({ type: "ended", error, at })
    if (frame !== null) connection.send(frame)
  }
  connection.end(reason)
}
