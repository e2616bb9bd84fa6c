/** What clients of `socketio-conversations` are answered. Where a number is asked for, it is one. */
import { z } from "zod"

const Time = z.iso.datetime()
const NumericId = z.number().int().meta({ format: "int64" })

export const PairSchema = z
  .object({
    id: NumericId,
    sender_id: NumericId.describe("Who began it."),
    receiver_id: NumericId,
    created_at: Time,
    updated_at: Time,
  })
  .meta({ id: "Pair" })

export const PairMessageSchema = z
  .object({
    id: NumericId,
    sender_id: NumericId,
    conversation_id: NumericId,
    timestamp: Time,
    message_type: z.enum(["text", "image", "file"]),
    content: z.string(),
    conversation: PairSchema.pick({ id: true, sender_id: true, receiver_id: true }),
  })
  .meta({ id: "PairMessage" })

export const PairMessagesSchema = z
  .object({
    data: z.array(PairMessageSchema).describe("Newest first."),
    page: z.number().int().describe("Counted from 1."),
    limit: z.number().int(),
    total: z.number().int().describe("How many messages there are in all."),
    totalPages: z.number().int(),
  })
  .meta({ id: "PairMessages" })

export type ApiPair = z.output<typeof PairSchema>
export type ApiPairMessage = z.output<typeof PairMessageSchema>
export type ApiPairMessages = z.output<typeof PairMessagesSchema>
