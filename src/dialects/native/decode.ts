import type { Command } from "../../protocol/commands"
import { ChatError } from "../../protocol/errors"
import { asMessageId, asRoomId } from "../../protocol/ids"
import { parseJson } from "../../protocol/parse-json"
import { readDraft } from "../../protocol/read-draft"
import { ClientFrame, FrameId } from "../../protocol/socket-frames"
import { wrongShape } from "../../protocol/wrong-shape"
import type { Decoded, Ref } from "../dialect"
import { readPlainSend } from "./decode-send"

/** Reads `{type, id?, data}`. */
export function decode(input: string | Buffer): Decoded {
  if (typeof input !== "string") return invalid(undefined, "frames are text, this one is binary")
  const json = parseJson(input)
  if (json === undefined) return invalid(undefined, "the frame is not valid JSON")
  const plain = readPlainSend(json)
  if (plain !== null) {
    return {
      kind: "command",
      ref: plain.ref,
      command: { type: "message.send", draft: plain.draft },
    }
  }
  const frame = ClientFrame.safeParse(json)
  if (!frame.success) {
    return { kind: "invalid", ref: refOf(json), error: wrongShape(frame.error) }
  }
  const ref = frame.data.id
  if (frame.data.type === "auth") {
    return { kind: "authenticate", ref, token: frame.data.data.token }
  }
  return { kind: "command", ref, command: toCommand(frame.data) }
}

function toCommand(frame: Exclude<ClientFrame, { type: "auth" }>): Command {
  switch (frame.type) {
    case "message.send":
      return { type: "message.send", draft: readDraft(asRoomId(frame.data.room_id), frame.data) }
    case "message.forward": {
      const { message_id, room_id, client_id = null } = frame.data
      return {
        type: "message.forward",
        messageId: asMessageId(message_id),
        roomId: asRoomId(room_id),
        clientId: client_id,
      }
    }
    case "message.edit": {
      const { message_id, ...edit } = frame.data
      return { type: "message.edit", messageId: asMessageId(message_id), edit }
    }
    case "message.delete":
    case "message.pin":
    case "message.unpin":
      return { type: frame.type, messageId: asMessageId(frame.data.message_id) }
    case "reaction.add":
    case "reaction.remove": {
      const { message_id, emoji } = frame.data
      return { type: frame.type, messageId: asMessageId(message_id), emoji }
    }
    case "subscribe": {
      const rooms = (frame.data.rooms ?? []).map(({ room_id, epoch, since }) => ({
        roomId: asRoomId(room_id),
        position: epoch === undefined || since === undefined ? null : { epoch, since },
      }))
      return { type: "room.subscribe", rooms, all: frame.data.all ?? false }
    }
    case "unsubscribe":
      return { type: "room.unsubscribe", roomIds: frame.data.room_ids.map(asRoomId) }
    case "history": {
      const { room_id, ...range } = frame.data
      return { type: "history.read", roomId: asRoomId(room_id), range }
    }
    case "typing": {
      const { room_id, is_typing } = frame.data
      return { type: "typing.set", roomId: asRoomId(room_id), isTyping: is_typing }
    }
    case "read":
      return { type: "read.mark", roomId: asRoomId(frame.data.room_id), seq: frame.data.seq }
    case "presence":
      return { type: "presence.set", status: frame.data.status }
    case "ping":
      return { type: "ping" }
  }
}

const invalid = (ref: Ref, detail: string): Decoded => ({
  kind: "invalid",
  ref,
  error: new ChatError("invalid_request", { detail }),
})

/** The `id` of a frame that is otherwise wrong, so that its sender can tell which it was. */
function refOf(json: unknown): Ref {
  if (typeof json !== "object" || json === null || !("id" in json)) return undefined
  const id = FrameId.safeParse(json.id)
  return id.success ? id.data : undefined
}
