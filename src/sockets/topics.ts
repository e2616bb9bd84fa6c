import type { Dialect } from "../dialects/dialect"
import type { ConnectionId, RoomNumericId, UserNumericId } from "../protocol/ids"

/**
 * Names of Bun's publish/subscribe topics. Made of our own numbers and never of clients' ids,
 * so no choice of a room's name reaches another topic.
 */
export const roomTopic = (dialect: Dialect, room: RoomNumericId) => `${dialect.name}:room:${room}`

export const userTopic = (dialect: Dialect, user: UserNumericId) => `${dialect.name}:user:${user}`

/** A connection's own topic: what is published here leaves with the events of the same turn. */
export const connectionTopic = (id: ConnectionId) => `connection:${id}`
