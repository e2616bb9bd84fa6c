import type { ChatError, ErrorCode } from "../../protocol/errors"
import type { Instant } from "../../protocol/ids"
import { type ErrorPayload, errorPayload } from "../../wire/socket-io/error-event"

/** Where the error's own words are told: what exactly is wrong, for a developer. */
const OWN = null

/** Where a text is the contract's; clients may compare it. */
const TEXTS = {
  invalid_request: OWN,
  unauthorized: "Unauthorized",
  forbidden: OWN,
  banned: OWN,
  muted: OWN,
  not_found: OWN,
  room_not_found: OWN,
  message_not_found: OWN,
  user_not_found: OWN,
  invite_not_found: OWN,
  upload_not_found: OWN,
  method_not_allowed: OWN,
  conflict: OWN,
  room_full: "room is full",
  room_limit: OWN,
  payload_too_large: OWN,
  rate_limited: OWN,
  internal: OWN,
  overloaded: OWN,
} as const satisfies Record<ErrorCode, string | null>

/** The acknowledgement of what was refused, and the event `error`. */
export const presentError = ({ code, message }: ChatError, at: Instant): ErrorPayload =>
  errorPayload(code, { text: TEXTS[code] ?? message, at })
