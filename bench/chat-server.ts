import type { ConnectionGroup, FrameMarks } from "./loader/orders"
import type { ServerProcess } from "./server-process"

/** Who sits where. All rooms of one workload are alike. */
export interface Seating {
  readonly rooms: number
  readonly connectionsPerRoom: number
  readonly sendersPerRoom: number
  /** Connections of a room are spread evenly over this many users, as several devices of each. */
  readonly usersPerRoom: number
}

/** A server of any make, as a chat workload sees it. */
export interface ChatServer extends ServerProcess {
  readonly name: string
  readonly marks: FrameMarks
  readonly acksPerMessage: number
  /** Makes the rooms and accounts that the seating needs and tells how to take each seat. */
  furnish(seating: Seating): Promise<ConnectionGroup[]>
}
