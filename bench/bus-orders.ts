/** What the bench and a process that speaks by Redis say to each other. */
import { z } from "zod"

export const busOrderSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("listen"), messages: z.int().min(1) }),
  z.object({
    type: z.literal("tell"),
    event: z.record(z.string(), z.unknown()),
    messages: z.int().min(1),
    perTurn: z.int().min(1),
  }),
])

export const busReportSchema = z.object({ type: z.enum(["ready", "listening", "heard"]) })

export type BusOrder = z.infer<typeof busOrderSchema>
export type BusReport = z.infer<typeof busReportSchema>
