import type { ClientErrorCode } from "../../../client/error"

/** What went wrong, for people, and what they can do. */
export const errors = {
  invalid_request: "The server could not make sense of this.",
  unauthorized: "Please sign in again.",
  forbidden: "You may not do this.",
  banned: "You are banned from this room.",
  muted: "You are muted in this room just now.",
  not_found: "There is nothing here (any more).",
  room_not_found: "There is no such room, or it isn't open to you.",
  message_not_found: "This message is no longer there.",
  user_not_found: "There is nobody like that.",
  invite_not_found: "This invitation is unknown, used up or expired.",
  upload_not_found: "This file is no longer there.",
  method_not_allowed: "The server can't do this.",
  conflict: "This is taken, or already so.",
  room_full: "The room is full just now. Try again later.",
  room_limit: "You own as many rooms as you may.",
  payload_too_large: "This is too large.",
  rate_limited: "That was a bit much at once. Try again in a moment.",
  internal: "Something went wrong on the server. Try again.",
  overloaded: "The server is very busy. Try again in a moment.",
  offline: "The server can't be reached. Are you online?",
  too_new: "The server is newer than this page. Please reload.",
} satisfies Record<ClientErrorCode, string>

/** What stands around the codes. */
export const trouble = {
  unknown: "Something went wrong.",
  retryIn: (seconds: number) =>
    seconds === 1 ? "Try again in a second." : `Try again in ${seconds} seconds.`,
}
