import type { Presence } from "../cluster/presence"
import type { LinkPreview } from "../protocol/entities"
import type { BusMessage } from "../protocol/events"
import type { Instant, InviteCode } from "../protocol/ids"
import type { Store } from "../store"

/** Settings that rules depend on. Every rate is per minute and user; 0 = no limit. */
export interface ChatSettings {
  readonly messagesPerMinuteMax: number
  readonly joinsPerMinuteMax: number
  readonly typingPerMinuteMax: number
  readonly roomsPerUserMax: number
  readonly messageCharsMax: number
  readonly uploadsPerMinuteMax: number
  /** Of one file; 0 = no limit. */
  readonly uploadBytesMax: number
  /** Joining a name that is no room yet makes one, in protocols that have it so. */
  readonly autoCreatesRooms: boolean
}

/** All that the rules need from the world. A test passes a fixed clock and counted ids. */
export interface ChatDeps {
  readonly store: Store
  readonly presence: Presence
  /** Tells what is not stored. What is stored is told by the store, once it is durable. */
  readonly publish: (message: BusMessage) => void
  /** Tells those who are on this node, and no other one. */
  readonly tellHere: (message: BusMessage) => void
  /** What the page at an address says of itself; null: nothing that is of use. Never throws. */
  readonly fetchPreview: ((url: string) => Promise<LinkPreview | null>) | null
  readonly settings: ChatSettings
  readonly now: () => Instant
  /** A new public id: a UUID whose order follows time. */
  readonly newId: () => string
  /** Unguessable text, for epochs. */
  readonly newEpoch: () => string
  /** Unguessable: whoever has it is let in. */
  readonly newInviteCode: () => InviteCode
}
