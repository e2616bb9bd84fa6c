import { z } from "zod"
import type { Command } from "../../protocol/commands"
import { ChatError } from "../../protocol/errors"
import { asRoomId } from "../../protocol/ids"
import { LIMITS } from "../../protocol/limits"
import { parseJson } from "../../protocol/parse-json"
import { CLAIM_FIELDS, claimsIn, plainText, RoomIdText } from "../../protocol/requests"
import { wrongShape } from "../../protocol/wrong-shape"
import type { Decoded } from "../dialect"

const RoomType = z.enum(["public", "private"])

/** The document asks for no claims; a client that says who it is must be right. */
const dataOf = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.object({ ...CLAIM_FIELDS, ...shape })

const CreateRoom = dataOf({
  name: plainText(1, LIMITS.roomNameCharsMax),
  type: RoomType,
  max_users: z.number().int().min(2).max(1000).nullish(),
})

const SendMessage = dataOf({
  type: z.enum(["text", "system"]),
  content: plainText(1, LIMITS.roomCommandsContentCharsMax),
  room_id: RoomIdText,
})

/** The document's own client sends `data` always, and `type: null` for no filter. */
const ClientFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("create_room"), data: CreateRoom }),
  z.object({
    type: z.literal("list_rooms"),
    data: dataOf({ type: RoomType.nullish() }).nullish(),
  }),
  z.object({ type: z.literal("join_room"), data: dataOf({ room_id: RoomIdText }) }),
  z.object({ type: z.literal("leave_room"), data: dataOf({}).nullish() }),
  z.object({ type: z.literal("send_message"), data: SendMessage }),
])
export type ClientFrame = z.output<typeof ClientFrame>

export interface DecodeSettings {
  /** Of rooms that are made without saying. */
  readonly usersMaxDefault: number
}

/** Reads `{type, data}`. */
export function createDecoder(settings: DecodeSettings) {
  return function decode(input: string | Buffer): Decoded {
    if (typeof input !== "string") return invalid("frames are text, this one is binary")
    const json = parseJson(input)
    if (json === undefined) return invalid("the frame is not valid JSON")
    const frame = ClientFrame.safeParse(json)
    if (!frame.success) {
      return { kind: "invalid", ref: undefined, error: wrongShape(frame.error) }
    }
    const command = toCommand(frame.data, settings)
    return { kind: "command", ref: undefined, command, ...claimsIn(frame.data.data ?? {}) }
  }
}

function toCommand(frame: ClientFrame, { usersMaxDefault }: DecodeSettings): Command {
  switch (frame.type) {
    case "create_room": {
      const { name, type, max_users } = frame.data
      return { type: "room.create", name, roomType: type, maxUsers: max_users ?? usersMaxDefault }
    }
    case "list_rooms":
      return { type: "rooms.list", roomType: frame.data?.type ?? undefined }
    case "join_room":
      return {
        type: "room.join",
        roomId: asRoomId(frame.data.room_id),
        createsMissing: false,
        isExclusive: true,
        historyLimit: 0,
        countsReturns: true,
      }
    case "leave_room":
      return { type: "room.leave", roomId: null }
    case "send_message": {
      const { room_id, type, content } = frame.data
      const draft = { roomId: asRoomId(room_id), content, type, clientId: null, metadata: null }
      return { type: "message.send", draft, fromInside: true }
    }
  }
}

const invalid = (detail: string): Decoded => ({
  kind: "invalid",
  ref: undefined,
  error: new ChatError("invalid_request", { detail }),
})
