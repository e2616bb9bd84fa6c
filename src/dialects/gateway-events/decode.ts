import { z } from "zod"
import type { Command } from "../../protocol/commands"
import { ChatError } from "../../protocol/errors"
import { asRoomId } from "../../protocol/ids"
import { LIMITS } from "../../protocol/limits"
import { parseJson } from "../../protocol/parse-json"
import { CLAIM_FIELDS, claimsIn, plainText, RoomIdText } from "../../protocol/requests"
import { wrongShape } from "../../protocol/wrong-shape"
import type { Decoded } from "../dialect"

export type ClientEvent = "chat.join" | "chat.leave" | "chat.message" | "chat.typing"

const Envelope = z.object({ event: z.string(), data: z.unknown().optional() })

/** Ids of the sender are checked; `username` is decoration, and not even looked at. */
const RoomData = z.object({ roomId: RoomIdText, ...CLAIM_FIELDS })
const MessageData = RoomData.extend({ message: plainText(1, LIMITS.frameBytesMax) })
const TypingData = RoomData.extend({ isTyping: z.boolean() })

/** Reads `{event, data}`. What it cannot read has problems; an event that is none has not. */
export function decode(input: string | Buffer): Decoded {
  if (typeof input !== "string") return malformed("frames are text, this one is binary")
  const frame = Envelope.safeParse(parseJson(input))
  if (!frame.success) return invalid(wrongShape(frame.error))
  const { event, data } = frame.data
  switch (event) {
    case "chat.join":
      return read(RoomData, data, ({ roomId }) => ({
        type: "room.join",
        roomId: asRoomId(roomId),
        createsMissing: true,
        isExclusive: false,
        historyLimit: 0,
        countsReturns: true,
      }))
    case "chat.leave":
      return read(RoomData, data, ({ roomId }) => ({
        type: "room.leave",
        roomId: asRoomId(roomId),
      }))
    case "chat.message":
      return read(MessageData, data, ({ roomId, message }) => ({
        type: "message.send",
        draft: {
          roomId: asRoomId(roomId),
          content: message,
          type: "text",
          clientId: null,
          metadata: null,
        },
        fromInside: true,
      }))
    case "chat.typing":
      return read(TypingData, data, ({ roomId, isTyping }) => ({
        type: "typing.set",
        roomId: asRoomId(roomId),
        isTyping,
        fromInside: true,
      }))
    default:
      return unknownEvent(event)
  }
}

function read<Data extends Parameters<typeof claimsIn>[0]>(
  schema: z.ZodType<Data>,
  data: unknown,
  toCommand: (data: Data) => Command,
): Decoded {
  const parsed = schema.safeParse(data)
  if (!parsed.success) return invalid(wrongShape(parsed.error))
  const command = toCommand(parsed.data)
  return { kind: "command", ref: undefined, command, ...claimsIn(parsed.data) }
}

const invalid = (error: ChatError): Decoded => ({ kind: "invalid", ref: undefined, error })

const malformed = (message: string): Decoded =>
  invalid(new ChatError("invalid_request", { problems: [{ path: "", message }] }))

/** Named only where it could be somebody's slip of the pen: no more is given back than that. */
function unknownEvent(event: string): Decoded {
  const name = /^[\w.:-]{1,50}$/.test(event) ? `: ${event}` : ""
  return invalid(new ChatError("invalid_request", { detail: `Unknown event${name}` }))
}
