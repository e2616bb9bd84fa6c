/**
 * Who may do what with a message, as the server decides it: what it would refuse is not offered.
 * The table is that of the page on the API, "Who may do what".
 */
import type { Me, RoomView } from "../../client/client"
import type { ApiMessage } from "../../protocol/answers"

export interface Position {
  readonly me: Pick<Me, "id" | "role"> | null
  readonly view: Pick<RoomView, "room" | "membership"> | null
  /** A public room may be read by others too, who have to join before they write. */
  readonly isMember: boolean
  /** Epoch milliseconds, for mutes that end. */
  readonly now: number
}

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

/** Nothing is done with what was deleted; only its thread goes on. */
export function rightsOn(message: ApiMessage, position: Position): MessageRights {
  const { me, view } = position
  if (me === null || view === null) return NONE
  if (message.deleted_at !== null) return NONE
  const speaks = position.isMember && canSpeak(position)
  const isOwn = message.user_id === me.id
  const curates = canCurate(position)
  return {
    canReact: speaks,
    canReply: speaks,
    canThread: speaks && message.thread_id === null,
    canEdit:
      isOwn &&
      speaks &&
      message.forwarded_from === undefined &&
      (message.type !== "system" || curates),
    canDelete: curates || (isOwn && position.isMember),
    canPin: curates,
    canForward: message.type !== "system",
    canCopy: message.content !== "",
  }
}

/** Muted members read on, and write and react no more. */
export function canSpeak({ view, now }: Position): boolean {
  const until = view?.membership?.muted_until ?? null
  return until === null || Date.parse(until) <= now
}

/** Deletes what others wrote and pins; in conversations, which nobody runs, not even an admin. */
export function canCurate({ me, view }: Position): boolean {
  if (me === null || view === null || view.room.type === "direct") return false
  if (me.role === "admin") return true
  const role = view.membership?.role
  return role === "moderator" || role === "owner"
}
