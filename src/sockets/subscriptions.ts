import type { PresenceRules } from "../core/presence"
import type { Voice } from "../dialects/dialect"
import type { Actor, Room } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { RoomPresenceEvent, RoomRef } from "../protocol/events"
import type { Instant, UserNumericId } from "../protocol/ids"
import type { Audience, Audiences } from "./audiences"
import type { Connection } from "./connection"
import type { Connections } from "./connections"

export interface SubscriptionsDeps {
  readonly connections: Connections
  readonly audiences: Audiences
  readonly presence: PresenceRules
  readonly now: () => Instant
}

/** Which connection hears which room. Topic and presence go hand in hand. */
export function createSubscriptions({ connections, audiences, presence, now }: SubscriptionsDeps) {
  /** Hears the room from now on, in the connection's own protocol. */
  function enter(connection: Connection, room: RoomRef): void {
    const { actor, voice } = connection
    if (actor === null || !connection.listens) return
    if (connection.audienceOf(voice, room.id) !== undefined) return
    arrive(connection, actor, { voice, room, tell: () => undefined })
  }

  /**
   * Comes into the room, which the connection does not hear yet in this protocol: first those
   * who are there are told, then the connection itself, and from then on it hears what comes.
   */
  function arrive(
    connection: Connection,
    actor: Actor,
    options: {
      readonly voice: Voice
      readonly room: RoomRef
      readonly tell: (notice: RoomPresenceEvent) => void
    },
  ): void {
    const { voice, room, tell } = options
    const notice = presence.enter(room, actor)
    const audience = audiences.get(voice, room)
    audience.size++
    tell(notice)
    connection.hear(audience)
  }

  function exit(connection: Connection, audience: Audience): void {
    if (!connection.unhear(audience)) return
    audience.size--
    audiences.release(audience)
    if (connection.actor !== null) presence.exit(audience.room, connection.actor)
  }

  /** However many protocols the connection hears the room in. */
  function exitRoom(connection: Connection, room: RoomRef, error: ChatError): void {
    for (const audience of [...connection.audiences.values()]) {
      if (audience.room.numericId !== room.numericId) continue
      exit(connection, audience)
      const frame = audience.voice.encodeSignal({ type: "removed", room, error, at: now() })
      if (frame !== null) connection.send(frame)
      if (audience.voice.livesInOneRoom) connection.end("removed")
    }
  }

  return {
    enter,
    arrive,
    exit,
    exitAll(connection: Connection): void {
      for (const audience of [...connection.audiences.values()]) exit(connection, audience)
    },
    /** The user may no longer be in the room: their connections hear no more of it. */
    exitUser(user: UserNumericId, room: RoomRef): void {
      const error = new ChatError("forbidden", { detail: "you are no longer in this room" })
      for (const connection of connections.ofUser(user)) exitRoom(connection, room, error)
    },
    /** The user is now a member: connections that follow all of their rooms follow this one. */
    enterFollowers(user: UserNumericId, room: Room): void {
      for (const connection of connections.ofUser(user)) {
        if (connection.followsAll && !presence.isFull(room, user)) enter(connection, room)
      }
    },
    /** The room is no more. */
    exitEverybody(room: RoomRef): void {
      const error = new ChatError("room_not_found")
      for (const connection of connections.all) exitRoom(connection, room, error)
    },
  }
}

export type Subscriptions = ReturnType<typeof createSubscriptions>
