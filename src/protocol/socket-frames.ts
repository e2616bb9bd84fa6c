/**
 * Frames of `/api/v1/ws`. A client's frame is `{type, id?, data}`; the server answers each that
 * has an `id` with `ok` or `error`, and tells events, which have none (`server-frames.ts`).
 */
import { z } from "zod"
import { LIMITS } from "./limits"
import {
  EDIT_FIELDS,
  Emoji,
  ForwardBody,
  IdText,
  NOTHING_TO_EDIT,
  SendMessageBody,
  saysSomething,
} from "./message-requests"
import { atMostOneCursor, RoomIdText, Seq } from "./requests"

export const SUBPROTOCOL = "parley.v1"

/** Chosen by the client and given back as it was. */
export const FrameId = z.union([z.string().max(LIMITS.clientIdCharsMax), z.number()])
export type FrameId = z.output<typeof FrameId>

function frame<const Type extends string, Data extends z.ZodType>(type: Type, data: Data) {
  return z.object({ type: z.literal(type), id: FrameId.optional(), data })
}

const SubscribeData = z
  .object({
    rooms: z
      .array(
        z.object({
          room_id: RoomIdText,
          epoch: z.string().max(100).optional(),
          since: Seq.optional(),
        }),
      )
      .max(LIMITS.roomsPerFrameMax)
      .optional(),
    all: z.literal(true).optional(),
  })
  .refine((data) => data.rooms !== undefined || data.all !== undefined, {
    error: "give rooms, or all: true",
    path: ["rooms"],
  })

const HistoryData = z
  .object({
    room_id: RoomIdText,
    before: Seq.optional(),
    after: Seq.optional(),
    around: Seq.optional(),
    limit: z.number().int().min(1).max(LIMITS.listLimitMax).default(LIMITS.listLimitDefault),
  })
  .refine((data) => atMostOneCursor(data), {
    error: "give only one of before, after and around",
    path: ["before"],
  })

const ofMessage = { message_id: IdText }

export const ClientFrame = z.discriminatedUnion("type", [
  frame("auth", z.object({ token: z.string().min(1).max(8192) })),
  frame("subscribe", SubscribeData),
  frame("unsubscribe", z.object({ room_ids: z.array(RoomIdText).max(LIMITS.roomsPerFrameMax) })),
  frame("message.send", SendMessageBody.safeExtend({ room_id: RoomIdText })),
  frame("message.forward", ForwardBody.extend({ message_id: IdText })),
  frame(
    "message.edit",
    z.object({ ...ofMessage, ...EDIT_FIELDS }).refine(saysSomething, NOTHING_TO_EDIT),
  ),
  frame("message.delete", z.object(ofMessage)),
  frame("reaction.add", z.object({ ...ofMessage, emoji: Emoji })),
  frame("reaction.remove", z.object({ ...ofMessage, emoji: Emoji })),
  frame("message.pin", z.object(ofMessage)),
  frame("message.unpin", z.object(ofMessage)),
  frame("history", HistoryData),
  frame("typing", z.object({ room_id: RoomIdText, is_typing: z.boolean() })),
  frame("read", z.object({ room_id: RoomIdText, seq: Seq })),
  frame("presence", z.object({ status: z.enum(["online", "away", "dnd"]) })),
  frame("ping", z.object({}).optional()),
])
export type ClientFrame = z.output<typeof ClientFrame>

export type { Hello, OkData, ServerFrame, StreamFrame, SubscribedRoom } from "./server-frames"

/**
 * 4000-4099: reconnect and resume. 4100-4199: reconnect with fresh credentials.
 * 4200-4299: do not reconnect.
 */
export const CLOSE_CODES = {
  shutdown: 4001,
  interrupted: 4002,
  slowConsumer: 4008,
  pongTimeout: 4009,
  authTimeout: 4100,
  tokenExpired: 4101,
  revoked: 4102,
  protocolViolation: 4200,
  disabled: 4201,
  tooManyConnections: 4202,
  removed: 4403,
} as const
