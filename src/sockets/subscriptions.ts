import type { PresenceRules } from "../core/presence"
import type { Room } from "../protocol/entities"
import type { RoomRef } from "../protocol/events"
import type { UserNumericId } from "../protocol/ids"
import type { Connection } from "./connection"
import type { Connections } from "./connections"
import { roomTopic } from "./topics"

export interface SubscriptionsDeps {
  readonly connections: Connections
  readonly presence: PresenceRules
}

/** Which connection hears which room. Topic and presence go hand in hand. */
export function createSubscriptions({ connections, presence }: SubscriptionsDeps) {
  function enter(connection: Connection, room: RoomRef): void {
    const { actor, dialect } = connection
    if (actor === null) return
    if (connection.enter(room, roomTopic(dialect, room.numericId))) presence.enter(room, actor)
  }

  function exit(connection: Connection, room: RoomRef): void {
    const { actor, dialect } = connection
    if (!connection.exit(room, roomTopic(dialect, room.numericId))) return
    if (actor !== null) presence.exit(room, actor)
  }

  return {
    enter,
    exit,
    exitAll(connection: Connection): void {
      for (const room of [...connection.rooms.values()]) exit(connection, room)
    },
    /** The user is no longer a member: their connections hear no more of the room. */
    exitUser(user: UserNumericId, room: RoomRef): void {
      for (const connection of connections.ofUser(user)) exit(connection, room)
    },
    /** The user is now a member: connections that follow all of their rooms follow this one. */
    enterFollowers(user: UserNumericId, room: Room): void {
      for (const connection of connections.ofUser(user)) {
        if (connection.followsAll && !presence.isFull(room, user)) enter(connection, room)
      }
    },
    /** The room is no more. */
    exitEverybody(room: RoomRef): void {
      for (const connection of connections.all) {
        if (connection.rooms.has(room.id)) exit(connection, room)
      }
    },
  }
}

export type Subscriptions = ReturnType<typeof createSubscriptions>
