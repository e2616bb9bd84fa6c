import type { Command } from "../../protocol/commands"
import { asRoomId, ROOM_ID_PATTERN } from "../../protocol/ids"
import { isFields } from "../../protocol/json"
import { LIMITS } from "../../protocol/limits"
import { isPlainText } from "../../protocol/plain-text"

/**
 * The payload of a `sendMessage` of text whose sender is not named, read without the schemas: the
 * one event that matters for speed. It accepts less than they do and never more, and what it
 * accepts means the same; tests/dialects holds the two against each other. Null: ask the schemas.
 */
export function readPlainSend(payload: unknown): Command | null {
  if (!isFields(payload)) return null
  const { roomId, content, messageType, userId, user_id, user_uuid, sender_id } = payload
  if (userId !== undefined || user_id !== undefined) return null
  if (user_uuid !== undefined || sender_id !== undefined) return null
  if (messageType !== undefined && messageType !== "TEXT") return null
  if (typeof roomId !== "string" || !ROOM_ID_PATTERN.test(roomId)) return null
  if (!isPlainText(content, LIMITS.socketIoRoomsContentCharsMax)) return null
  return {
    type: "message.send",
    draft: { roomId: asRoomId(roomId), content, type: "text", clientId: null, metadata: null },
    fromInside: true,
  }
}
