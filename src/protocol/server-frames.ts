/**
 * What the server says over `/api/v1/ws`. Like `answers.ts` needed as types only while it runs;
 * they describe the socket (`/asyncapi.json`) and hold the tests to it.
 */
import { z } from "zod"
import {
  ChangesSchema,
  MemberSchema,
  MessageSchema,
  PublicUserSchema,
  RoomSchema,
  SendReceiptSchema,
} from "./answers"
import { PRESENCE_STATUSES } from "./entities"
import { ERROR_CODES } from "./errors"
import { Seq } from "./requests"
import { FrameId, SUBPROTOCOL } from "./socket-frames"

const Time = z.iso.datetime()
const Count = z.number().int().nonnegative()

export const HelloSchema = z
  .object({
    connection_id: z.string(),
    user: PublicUserSchema,
    protocol: z.literal(SUBPROTOCOL),
    heartbeat_ms: Count,
    limits: z.object({
      max_frame_bytes: Count,
      max_message_length: Count.describe("Characters; 0: any number."),
      max_pending_frames: Count,
      max_rooms_per_frame: Count,
    }),
    server_time: Time,
  })
  .meta({ id: "Hello" })

const RefusalSchema = z.object({ code: z.enum(ERROR_CODES), message: z.string() })

const SubscribedRoomSchema = z.union([
  ChangesSchema.extend({ room_id: z.string() }),
  z.object({ room_id: z.string(), error: RefusalSchema }),
])

/** What `ok` carries, by the reply that it is. */
export const OK_DATA = {
  authenticated: z.object({ user: PublicUserSchema }),
  subscribed: z.object({ rooms: z.array(SubscribedRoomSchema) }),
  sent: SendReceiptSchema,
  changed: z.object({ message: MessageSchema }),
  history: z.object({ messages: z.array(MessageSchema) }),
  pong: z.object({ time: Time }),
  done: z.record(z.string(), z.never()),
} as const

const OkDataSchema = z.union([
  OK_DATA.authenticated,
  OK_DATA.subscribed,
  OK_DATA.sent,
  OK_DATA.changed,
  OK_DATA.history,
  OK_DATA.pong,
  OK_DATA.done,
])

const ofRoom = { room_id: z.string() }
const change = { ...ofRoom, seq: Seq }

export const ServerFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), data: HelloSchema }),
  z.object({ type: z.literal("ok"), id: FrameId, data: OkDataSchema }),
  z.object({
    type: z.literal("error"),
    id: FrameId.optional(),
    data: RefusalSchema.extend({
      retryable: z.boolean(),
      retry_after_ms: z.number().nonnegative().optional(),
    }),
  }),
  z.object({
    type: z.enum(["message.created", "message.updated", "message.deleted"]),
    ...change,
    data: MessageSchema,
  }),
  z.object({
    type: z.enum(["member.joined", "member.left", "member.updated"]),
    ...change,
    data: MemberSchema,
  }),
  z.object({ type: z.enum(["room.updated", "room.deleted"]), ...change, data: RoomSchema }),
  z.object({ type: z.enum(["room.added", "room.removed"]), ...ofRoom, data: RoomSchema }),
  z.object({
    type: z.literal("read"),
    ...ofRoom,
    data: z.object({ user_id: z.string(), seq: Seq }),
  }),
  z.object({
    type: z.literal("typing"),
    ...ofRoom,
    data: z.object({ user_id: z.string(), username: z.string(), is_typing: z.boolean() }),
  }),
  z.object({
    type: z.literal("presence"),
    ...ofRoom,
    data: z.object({
      user_id: z.string(),
      username: z.string(),
      status: z.enum(PRESENCE_STATUSES),
      last_seen_at: Time.nullable(),
    }),
  }),
  z.object({
    type: z.literal("heartbeat"),
    data: z.object({ heads: z.record(z.string(), Seq) }),
  }),
  z.object({
    type: z.literal("notice"),
    data: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("slow") }),
      z.object({ kind: z.literal("draining"), reconnect_after_ms: Count }),
    ]),
  }),
])

/** What `GET /api/v1/events` says beside the socket's frames, having nobody to answer. */
export const StreamFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("snapshot"), ...ofRoom, data: SubscribedRoomSchema }),
  z.object({ type: z.literal("live"), data: z.record(z.string(), z.never()) }),
  z.object({ type: z.literal("closed"), data: z.object({ code: Count, reason: z.string() }) }),
])

export type Hello = z.output<typeof HelloSchema>
export type SubscribedRoom = z.output<typeof SubscribedRoomSchema>
export type OkData = z.output<typeof OkDataSchema>
export type ServerFrame = z.output<typeof ServerFrame>
export type StreamFrame = z.output<typeof StreamFrame>
