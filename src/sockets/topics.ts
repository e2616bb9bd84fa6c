import type { Voice } from "../dialects/dialect"
import type { ConnectionId, RoomNumericId, UserNumericId } from "../protocol/ids"

/**
 * Names of Bun's publish/subscribe topics. Made of our own numbers and never of clients' ids,
 * so no choice of a room's name reaches another topic.
 */
export const roomTopic = (voice: Voice, room: RoomNumericId) => `${voice.name}:room:${room}`

export const userTopic = (voice: Voice, user: UserNumericId) => `${voice.name}:user:${user}`

/** All connections of a protocol that hear who comes online. */
export const onlineTopic = (voice: Voice) => `${voice.name}:online`

/** A connection's own topic: what is published here leaves with the events of the same turn. */
export const connectionTopic = (id: ConnectionId) => `connection:${id}`
