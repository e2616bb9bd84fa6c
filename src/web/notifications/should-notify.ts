import type { ApiMessage, ApiRoom } from "../../protocol/answers"
import type { PresenceStatus } from "../../protocol/entities"
import type { Level } from "./levels"

/** Older ones were missed, not sent just now: whoever comes back finds them in the list of rooms. */
const NEWS_MS_MAX = 2 * 60_000

/** What it hangs on besides the message. */
export interface Situation {
  /** Asked for, and allowed by the browser. */
  readonly isWanted: boolean
  readonly myId: string
  readonly myStatus: PresenceStatus
  readonly level: Level
  readonly roomType: ApiRoom["type"]
  /** The page is in front and this room is open in it. */
  readonly isLookedAt: boolean
  readonly lastReadSeq: number
  /** Epoch milliseconds, by this machine's clock. */
  readonly now: number
}

/** Whether somebody is to be told of a message who may be doing something else. */
export function shouldNotify(message: ApiMessage, situation: Situation): boolean {
  const { isWanted, myId, myStatus, level, isLookedAt, lastReadSeq, now } = situation
  if (!isWanted || level === "none" || myStatus === "dnd" || isLookedAt) return false
  if (message.user_id === myId || message.deleted_at !== null) return false
  // Read on another device, or long ago.
  if (message.seq <= lastReadSeq) return false
  if (now - Date.parse(message.created_at) > NEWS_MS_MAX) return false
  return level === "all" || callsMe(message, situation)
}

/** By name, with everybody, or in a conversation, where everything is said to oneself. */
const callsMe = ({ mentions }: ApiMessage, { myId, roomType }: Situation) =>
  roomType === "direct" || mentions.includes(myId) || mentions.includes("room")
