import type { MessageDraft } from "./commands"
import type { ErrorCode } from "./errors"
import type { Instant, ScheduledId, UserNumericId } from "./ids"

/** A message that is to be sent later. Nobody but its author knows of it until then. */
export interface ScheduledMessage {
  readonly id: ScheduledId
  readonly author: UserNumericId
  readonly draft: MessageDraft
  readonly sendAt: Instant
  readonly createdAt: Instant
  /** Why it was not sent when it was due, and is not tried again; null: it has not come to that. */
  readonly failedCode: ErrorCode | null
}
