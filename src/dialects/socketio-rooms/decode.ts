import { z } from "zod"
import type { Command } from "../../protocol/commands"
import { ChatError } from "../../protocol/errors"
import { asRoomId } from "../../protocol/ids"
import { isFields } from "../../protocol/json"
import { LIMITS } from "../../protocol/limits"
import { CLAIM_FIELDS, claimsIn, plainText, RoomIdText } from "../../protocol/requests"
import type { Decoded, EventRef, SocketIoInput } from "../dialect"
import { readPlainSend } from "./decode-send"

const MESSAGE_TYPES = { TEXT: "text", IMAGE: "image", FILE: "file" } as const

const InRoom = z.object({ roomId: RoomIdText })

const SendMessage = InRoom.extend({
  content: plainText(1, LIMITS.socketIoRoomsContentCharsMax),
  messageType: z.enum(["TEXT", "IMAGE", "FILE"]).default("TEXT"),
})

const Typing = InRoom.extend({ isTyping: z.boolean() })

const Claims = z.object(CLAIM_FIELDS)

/** Events of clients, each with how its payload becomes a command. */
const READERS = {
  joinRoom: reader(InRoom, ({ roomId }) => ({
    type: "room.join",
    roomId: asRoomId(roomId),
    createsMissing: true,
    isExclusive: false,
    historyLimit: 0,
    countsReturns: true,
  })),
  leaveRoom: reader(InRoom, ({ roomId }) => ({ type: "room.leave", roomId: asRoomId(roomId) })),
  sendMessage: reader(SendMessage, ({ roomId, content, messageType }) => ({
    type: "message.send",
    draft: {
      roomId: asRoomId(roomId),
      content,
      type: MESSAGE_TYPES[messageType],
      clientId: null,
      metadata: null,
    },
    fromInside: true,
  })),
  typing: reader(Typing, ({ roomId, isTyping }) => ({
    type: "typing.set",
    roomId: asRoomId(roomId),
    isTyping,
    fromInside: true,
  })),
  getRoomStats: reader(InRoom, ({ roomId }) => ({ type: "room.stats", roomId: asRoomId(roomId) })),
  heartbeat: reader(z.unknown(), () => ({ type: "ping" })),
} as const satisfies Record<string, (payload: unknown) => Command | ChatError>

export type ClientEvent = keyof typeof READERS

const isEvent = (name: string): name is ClientEvent => Object.hasOwn(READERS, name)

/** `typing` is spoken by two protocols: what it is about says whose it is. */
export function speaks({ event, payload }: SocketIoInput): boolean {
  if (event !== "typing") return isEvent(event)
  return !isFields(payload) || "roomId" in payload || !("conversationId" in payload)
}

/** Reads an event with one payload; whatever else it carries is left unread. */
export function decode(input: SocketIoInput): Decoded {
  const { event, payload, ackId } = input
  const plain = event === "sendMessage" ? readPlainSend(payload) : null
  if (plain === null) return decodeBySchema(input)
  return { kind: "command", ref: { event, ackId }, command: plain }
}

/** All that the protocol has, the short way for plain sends left aside. */
export function decodeBySchema({ event, payload, ackId }: SocketIoInput): Decoded {
  const ref: EventRef = { event, ackId }
  if (!isEvent(event)) {
    const error = new ChatError("invalid_request", { detail: "there is no such event" })
    return { kind: "invalid", ref, error }
  }
  const command = READERS[event](payload)
  if (command instanceof ChatError) return { kind: "invalid", ref, error: command }
  return readClaims(payload, { kind: "command", ref, command })
}

function reader<Payload>(schema: z.ZodType<Payload>, toCommand: (payload: Payload) => Command) {
  return (payload: unknown): Command | ChatError => {
    const read = schema.safeParse(payload)
    return read.success ? toCommand(read.data) : problemsOf(read.error)
  }
}

function readClaims(payload: unknown, command: Extract<Decoded, { kind: "command" }>): Decoded {
  if (!isFields(payload)) return command
  const claims = Claims.safeParse(payload)
  if (!claims.success) return { kind: "invalid", ref: command.ref, error: problemsOf(claims.error) }
  return { ...command, ...claimsIn(claims.data) }
}

const problemsOf = ({ issues }: z.ZodError): ChatError =>
  new ChatError("invalid_request", {
    problems: issues.map(({ path, message }) => ({ path: path.join("."), message })),
  })
