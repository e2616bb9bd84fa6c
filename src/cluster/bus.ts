import type { BusMessage } from "../protocol/events"

/**
 * Carries events between nodes. The bus is the bell and the database is the truth: a message
 * that the bus loses is late, not lost. Messages of one room published by one node arrive on
 * every node, this one included, in the order in which they were published.
 */
export interface Bus {
  publish(message: BusMessage): void
  /** The one receiver of this node. It must not throw. */
  subscribe(receive: (message: BusMessage) => void): void
}
