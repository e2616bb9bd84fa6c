/** Answers of `/websocket/health` and `/websocket/stats`, as the document of `socketio-rooms` has them. */
import { z } from "zod"

const Count = z.number().int().nonnegative()
const Time = z.iso.datetime()

export const WebSocketHealthSchema = z.object({
  status: z.literal("healthy"),
  timestamp: Time,
  websocket: z.object({
    namespace: z.string(),
    corsOrigin: z.string().describe("Origins whose pages may connect, with commas between."),
    connectedUsers: Count.describe("Users on a connection, over all protocols."),
    activeRooms: Count.describe("Rooms that somebody is in just now."),
    totalTypingUsers: Count,
  }),
  features: z.object({
    detailedLogging: z.boolean(),
    metrics: z.boolean(),
    heartbeat: z.boolean(),
  }),
  rateLimits: z
    .object({
      windowMs: Count,
      maxMessagesPerWindow: Count,
      maxJoinsPerWindow: Count,
      maxTypingEventsPerWindow: Count,
    })
    .describe("Those in force; 0: none."),
})

export const WebSocketStatsSchema = z.object({
  timestamp: Time,
  connections: z
    .object({ current: Count, total: Count, totalDisconnections: Count })
    .describe("Of the Socket.IO namespace, since the server started."),
  rooms: z.object({
    active: Count.describe("Rooms that somebody is in just now."),
    totalCreated: Count.describe("Rooms of every type that were ever made."),
    details: z
      .array(
        z.object({
          roomId: z.string(),
          userCount: Count,
          typingUsers: Count,
          createdAt: Time,
          lastActivity: Time,
        }),
      )
      .describe("Public rooms that somebody is in, at most 200."),
  }),
  messages: z
    .object({ totalProcessed: Count })
    .describe("Sent by way of the namespace, since the server started."),
  rateLimiting: z
    .object({ violations: Count })
    .describe("Refusals by a rate in the namespace, since the server started."),
})

export type WebSocketHealth = z.output<typeof WebSocketHealthSchema>
export type WebSocketStats = z.output<typeof WebSocketStatsSchema>
