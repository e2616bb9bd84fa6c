/** What is offered on a message: what the server would refuse is not. Pure. */
import type { ApiMessage } from "../../protocol/answers"
import {
  canDeleteMessage,
  canEditMessage,
  canPinMessage,
  canReact,
  isMemberOf,
  isMuted,
  type Standing,
} from "../state/rights"

export interface MessageRights {
  readonly canReact: boolean
  readonly canReply: boolean
  readonly canThread: boolean
  readonly canEdit: boolean
  readonly canDelete: boolean
  readonly canPin: boolean
  readonly canForward: boolean
  readonly canCopy: boolean
}

const NONE: MessageRights = {
  canReact: false,
  canReply: false,
  canThread: false,
  canEdit: false,
  canDelete: false,
  canPin: false,
  canForward: false,
  canCopy: false,
}

/**
 * Nothing is done with what was deleted; only its thread goes on. `standing` is null while nobody
 * is signed in or the room is not known; `now` is epoch milliseconds, for mutes that end.
 */
export function rightsOn(
  message: ApiMessage,
  standing: Standing | null,
  now: number,
): MessageRights {
  if (standing === null || message.deleted_at !== null) return NONE
  const writes = isMemberOf(standing) && !isMuted(standing.membership, now)
  return {
    canReact: canReact(standing, message, now),
    canReply: writes,
    canThread: writes && message.thread_id === null,
    canEdit: canEditMessage(standing, message, now),
    canDelete: canDeleteMessage(standing, message),
    canPin: canPinMessage(standing, message),
    canForward: message.type !== "system",
    canCopy: message.content !== "",
  }
}
