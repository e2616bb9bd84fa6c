import type { Command } from "../../protocol/commands"
import { type ChatError, ERRORS, type ErrorCode } from "../../protocol/errors"

/** The one text that the document has. */
const INVALID_FORMAT = "Invalid message format"

/** What is said first; what exactly is wrong follows, where that is known. */
const TEXTS = {
  invalid_request: INVALID_FORMAT,
  unauthorized: "Unauthorized",
  forbidden: "Forbidden",
  banned: "Banned",
  muted: "Muted",
  not_found: "Not found",
  room_not_found: "Room not found",
  message_not_found: "Message not found",
  user_not_found: "User not found",
  invite_not_found: "Invite not found",
  upload_not_found: "Upload not found",
  method_not_allowed: "Not allowed",
  conflict: "Conflict",
  room_full: "Room is full",
  room_limit: "Room limit exceeded",
  payload_too_large: "Message too large",
  rate_limited: "Rate limit exceeded",
  internal: "Internal server error",
  overloaded: "Server is overloaded",
} as const satisfies Record<ErrorCode, string>

/** The `message` of the event `error`. */
export function errorText(error: ChatError, command: Command | null): string {
  if (error.code === "invalid_request") return invalidText(error, command)
  const text = TEXTS[error.code]
  const detail = error.message
  return detail === text || detail === ERRORS[error.code].title ? text : `${text}: ${detail}`
}

/**
 * A frame that could not be read is told by the document's text alone, whatever of it is wrong.
 * One that was read and breaks a rule is told which: its field has another name here.
 */
function invalidText({ message, problems }: ChatError, command: Command | null): string {
  const [problem] = problems
  if (command !== null && problem !== undefined) return `Invalid message: ${problem.message}`
  return command === null && problem !== undefined ? INVALID_FORMAT : message
}
