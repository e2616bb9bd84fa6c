import type { PresenceRules } from "../core/presence"
import type { Voice } from "../dialects/dialect"
import type { Actor, Room } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { RoomPresenceEvent, RoomRef } from "../protocol/events"
import type { Instant, RoomId, Seq, UserNumericId } from "../protocol/ids"
import type { Audience, Audiences } from "./audiences"
import type { Connection } from "./connection"
import type { Connections } from "./connections"
import type { Doubt, Ordering } from "./ordering"

export interface SubscriptionsDeps {
  readonly connections: Connections
  readonly audiences: Audiences
  readonly presence: PresenceRules
  readonly ordering: Pick<Ordering, "toldOf">
  readonly doubt: Doubt
  readonly now: () => Instant
}

/** How a connection comes into a room. */
interface Arriving {
  readonly voice: Voice
  readonly room: RoomRef
  readonly head: Seq
  readonly tell: (notice: RoomPresenceEvent) => void
}

/** What a connection is about to hear, and how it is known whether it may. */
interface Entering {
  readonly actor: Actor
  readonly roomId: RoomId
  readonly read: () => Promise<Room>
}

/** A room that a connection hears, in one protocol. */
interface Place {
  readonly connection: Connection
  readonly audience: Audience
}

/** Somebody is about to hear a room, which is read for them. */
interface Coming {
  readonly user: UserNumericId
  readonly roomId: RoomId
  /** They were shown out of it meanwhile, so that what was read may be older than that. */
  isOver: boolean
}

/** Which connection hears which room. Topic and presence go hand in hand. */
export function createSubscriptions(deps: SubscriptionsDeps) {
  const { connections, audiences, presence, ordering, doubt, now } = deps
  const coming = new Set<Coming>()

  /**
   * Hears the room from now on, in the connection's own protocol: what came after `head`, up to
   * where the room was known when it was asked for. False: it hears it already, or cannot.
   */
  function enter(connection: Connection, room: RoomRef, head: Seq): boolean {
    const { actor, voice } = connection
    if (actor === null || !connection.listens) return false
    if (connection.audienceOf(voice, room.id) !== undefined) return false
    arrive(connection, actor, { voice, room, head, tell: () => undefined })
    return true
  }

  /**
   * Hears the room as it is read, which tells whether the user may. Who is shown out while it is
   * read has nothing to be taken from yet, so it is read again. Errors: those of `read`.
   */
  async function enterAsRead(
    connection: Connection,
    { actor, roomId, read }: Entering,
  ): Promise<void> {
    const it: Coming = { user: actor.user.numericId, roomId, isOver: false }
    coming.add(it)
    try {
      let room: Room
      do {
        it.isOver = false
        room = await read()
      } while (it.isOver)
      enter(connection, room, room.head)
    } finally {
      coming.delete(it)
    }
  }

  function endComing(roomId: RoomId, isMeant: (it: Coming) => boolean): void {
    for (const it of coming) if (it.roomId === roomId && isMeant(it)) it.isOver = true
  }

  /**
   * Comes into the room, which the connection does not hear yet in this protocol: first those
   * who are there are told, then the connection itself, and from then on it hears what comes.
   * What it is told may be the last that it takes: it is in the room by then, and leaves it as
   * everybody does who is closed.
   *
   * `head`: up to where it knows the room.
   */
  function arrive(connection: Connection, actor: Actor, options: Arriving): void {
    const { voice, room, head, tell } = options
    const notice = presence.enter(room, actor)
    const audience = audiences.get(voice, room, head)
    audience.size++
    connection.hear(audience)
    connection.leftOut?.delete(room.numericId)
    tell(notice)
  }

  /**
   * Comes in as a member, which the user was when the room stood at `memberAt`. Has anything
   * happened since, it may have been that they are none any more, which is looked up.
   */
  function arriveAsMember(
    connection: Connection,
    actor: Actor,
    { memberAt, ...options }: Arriving & { readonly memberAt: Seq },
  ): void {
    arrive(connection, actor, options)
    const { room, head } = options
    if (head > memberAt || ordering.toldOf(room) > memberAt) doubt(actor.user.numericId, room)
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

  function follow(
    user: UserNumericId,
    room: Room,
    head: Seq,
    wants: (connection: Connection) => boolean,
  ): boolean {
    let hasEntered = false
    for (const connection of connections.ofUser(user)) {
      const isMeant = connection.followsAll && wants(connection)
      if (isMeant && !presence.isFull(room, user) && enter(connection, room, head)) {
        hasEntered = true
      }
    }
    if (hasEntered && ordering.toldOf(room) > room.head) doubt(user, room)
    return hasEntered
  }

  return {
    enterAsRead,
    arriveAsMember,
    exit,
    exitAll(connection: Connection): void {
      for (const audience of [...connection.audiences.values()]) exit(connection, audience)
    },
    /**
     * The user may no longer be in the room: their connections hear no more of it. Null: they are
     * told why when they are closed, which is next.
     */
    exitUser(user: UserNumericId, room: RoomRef, error: ChatError | null): void {
      endComing(room.id, (it) => it.user === user)
      const places = connections.ofUser(user).flatMap((it) => placesIn(it, room))
      for (const place of places) {
        exit(place.connection, place.audience)
        if (error !== null) showOut(place, error)
      }
    },
    /** The user is now a member: connections that follow all of their rooms follow this one. */
    enterFollowers(user: UserNumericId, room: Room): void {
      follow(user, room, headBefore(room), () => true)
    },
    /**
     * The user is a member, as the room's head was when that was read: those of these connections
     * follow it that have not been told, and have not said that they do not want to. False: none.
     */
    enterMissing: (user: UserNumericId, room: Room): boolean =>
      follow(user, room, room.head, ({ leftOut }) => !leftOut?.has(room.numericId)),
    /** The room is no more. */
    exitEverybody(room: RoomRef): void {
      const error = new ChatError("room_not_found")
      endComing(room.id, () => true)
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

/**
 * Up to where a new member knows the room who is told of it: the next event is that they have
 * joined. Of a room that was made with its members nobody is told so.
 */
function headBefore({ type, head, creatorNumericId }: Room): Seq {
  const isJustMade = type === "direct" || (head === 1 && creatorNumericId !== null)
  return isJustMade ? head : Math.max(head - 1, 0)
}

export type Subscriptions = ReturnType<typeof createSubscriptions>
