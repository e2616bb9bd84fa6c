import type { BusMessage } from "../protocol/events"
import type { RoomNumericId } from "../protocol/ids"

/**
 * Carries events between nodes. The bus is the bell and the database is the truth: a message
 * that the bus loses is late, not lost. This node hears what it publishes itself before `publish`
 * returns; other nodes hear what one node publishes of one room in the order of publishing.
 */
export interface Bus {
  /**
   * A promise where the message ends a right: it resolves when no node acts by that right any
   * more, or after `SETTLE_MS` for nodes that are cut off. It never rejects.
   */
  publish(message: BusMessage): Promise<void> | undefined
  /** The one receiver of this node. It must not throw. */
  subscribe(receive: (message: BusMessage) => void): void
  /** Somebody here listens to the room: what other nodes publish of it is to come here too. */
  follow(room: RoomNumericId): void
  /** Nobody here listens to the room any more. */
  unfollow(room: RoomNumericId): void
}
