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

/** A room that a connection hears, in one protocol. */
interface Place {
  readonly connection: Connection
  readonly audience: Audience
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
   * What it is told may be the last that it takes: it is in the room by then, and leaves it as
   * everybody does who is closed.
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
    connection.hear(audience)
    tell(notice)
  }

  function exit(connection: Connection, audience: Audience): void {
    if (silence(connection, audience)) goneFrom(connection, audience)
  }

  /** False: it did not hear the room. Those who are there are told by `goneFrom`. */
  function silence(connection: Connection, audience: Audience): boolean {
    if (!connection.unhear(audience)) return false
    audience.size--
    audiences.release(audience)
    return true
  }

  function goneFrom({ actor }: Connection, { room }: Audience): void {
    if (actor !== null) presence.exit(room, actor)
  }

  /** However many protocols the connection hears the room in. */
  const placesIn = (connection: Connection, room: RoomRef): readonly Place[] =>
    [...connection.audiences.values()]
      .filter((audience) => audience.room.numericId === room.numericId)
      .map((audience) => ({ connection, audience }))

  function showOut({ connection, audience: { voice, room } }: Place, error: ChatError): void {
    const frame = voice.encodeSignal({ type: "removed", room, error, at: now() })
    if (frame !== null) connection.send(frame)
    if (voice.livesInOneRoom) connection.end("removed")
  }

  return {
    enter,
    arrive,
    exit,
    exitAll(connection: Connection): void {
      for (const audience of [...connection.audiences.values()]) exit(connection, audience)
    },
    /**
     * The user may no longer be in the room: their connections hear no more of it. Null: they are
     * told why when they are closed, which is next.
     */
    exitUser(user: UserNumericId, room: RoomRef, error: ChatError | null): void {
      const places = connections.ofUser(user).flatMap((it) => placesIn(it, room))
      for (const place of places) {
        exit(place.connection, place.audience)
        if (error !== null) showOut(place, error)
      }
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
      const places = [...connections.all].flatMap((it) => placesIn(it, room))
      // All of them before anybody has gone: telling each of each other would be quadratic.
      for (const { connection, audience } of places) silence(connection, audience)
      for (const place of places) {
        goneFrom(place.connection, place.audience)
        showOut(place, error)
      }
    },
  }
}

export type Subscriptions = ReturnType<typeof createSubscriptions>
