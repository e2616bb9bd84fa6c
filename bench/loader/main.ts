/**
 * The load generator: a process of its own, so that what it spends is not counted as a server's.
 * It carries out one order of its parent at a time, and leaves when the parent is gone.
 */
import { ChatCrowd } from "./chat-crowd"
import { type Answer, type Order, orderSchema } from "./orders"
import { loadRequests } from "./request-load"

const crowd = new ChatCrowd()

async function carryOut(order: Order): Promise<Answer> {
  switch (order.type) {
    case "connect":
      await crowd.connect(order)
      return { type: "connected" }
    case "closed-loop":
      return { type: "loaded", result: await crowd.closedLoop(order) }
    case "open-loop":
      return { type: "loaded", result: await crowd.openLoop(order) }
    case "requests":
      return { type: "loaded", result: await loadRequests(order) }
  }
}

async function answer(message: unknown): Promise<void> {
  try {
    process.send?.(await carryOut(orderSchema.parse(message)))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    process.send?.({ type: "failed", reason } satisfies Answer)
  }
}

process.on("message", answer)
process.on("disconnect", () => process.exit(0))
