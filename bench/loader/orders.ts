/**
 * What the bench and its load generator say to each other: one order, one answer, in turn.
 * They are two processes, so both sides check what arrives.
 */
import { z } from "zod"

/** Nine characters of a message template that become the message's number, which is unique. */
export const NUMBER_SLOT = "#########"

/** Twelve characters of a message template that become the time of sending, in microseconds. */
export const TIME_SLOT = "@@@@@@@@@@@@"

/** Stands before the time in a message, so that it is found again in what comes back. */
export const TIME_MARK = "sent="

/**
 * How one server's frames are told apart: the byte at `offset` of the payload is `event` in a
 * delivery and `ack` in a reply, where there are replies. Frames that hold neither byte there are
 * rare and read whole: `ping` is answered with `pong`, and what starts with one of `refusals`
 * ends the run.
 */
const frameMarksSchema = z.object({
  offset: z.int().min(0).max(64),
  event: z.string().length(1),
  ack: z.string().length(1).optional(),
  refusals: z.array(z.string().min(1)),
  ping: z.string().optional(),
  pong: z.string().optional(),
})

/**
 * On the way to its room a connection sends this, if anything, and waits for a frame that holds
 * `answer`.
 */
const stepSchema = z.object({ send: z.string().optional(), answer: z.string().min(1) })

/**
 * `count` connections that differ in nothing. Each takes its `steps` one after the other as soon
 * as it is open, and nothing is counted before the last. Without a `message` it only listens.
 */
const connectionGroupSchema = z.object({
  count: z.int().min(0),
  path: z.string().startsWith("/"),
  headers: z.array(z.string()),
  steps: z.array(stepSchema),
  message: z.string().optional(),
})

export const orderSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("connect"),
    port: z.int(),
    marks: frameMarksSchema,
    groups: z.array(connectionGroupSchema),
  }),
  z.object({
    type: z.literal("closed-loop"),
    seconds: z.number(),
    outstanding: z.int().min(1),
    deliveriesPerMessage: z.int().min(1),
    acksPerMessage: z.int().min(0),
  }),
  z.object({
    type: z.literal("open-loop"),
    seconds: z.number(),
    messagesPerSecond: z.number().positive(),
    deliveriesPerMessage: z.int().min(1),
    acksPerMessage: z.int().min(0),
  }),
  z.object({
    type: z.literal("requests"),
    seconds: z.number(),
    port: z.int(),
    path: z.string().startsWith("/"),
    headers: z.array(z.string()),
    connections: z.int().min(1),
  }),
])

/** What a load did. Latencies are milliseconds; `loaderCpuSeconds` is what producing it cost. */
export const loadResultSchema = z.object({
  seconds: z.number(),
  messages: z.int(),
  deliveries: z.int(),
  latency: z.object({ p50: z.number(), p90: z.number(), p99: z.number() }),
  eventBytes: z.int(),
  loaderCpuSeconds: z.number(),
})

export const answerSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("connected") }),
  z.object({ type: z.literal("loaded"), result: loadResultSchema }),
  z.object({ type: z.literal("failed"), reason: z.string() }),
])

export type FrameMarks = z.infer<typeof frameMarksSchema>
export type ConnectionGroup = z.infer<typeof connectionGroupSchema>
export type Order = z.infer<typeof orderSchema>
export type LoadOrder = Extract<Order, { type: "closed-loop" | "open-loop" | "requests" }>
export type LoadResult = z.infer<typeof loadResultSchema>
export type Answer = z.infer<typeof answerSchema>
