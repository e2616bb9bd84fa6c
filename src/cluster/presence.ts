import type { PresenceStatus, Profile } from "../protocol/entities"
import type { BusMessage } from "../protocol/events"
import type { RoomNumericId, UserNumericId } from "../protocol/ids"

export type OnlineStatus = Exclude<PresenceStatus, "offline">

/** What a user's coming or going changed, where the node that saw it could not tell anybody. */
export interface Untold {
  readonly user: Profile
  readonly status: OnlineStatus
  /** They came online or went offline; false: only in these rooms. */
  readonly isWhole: boolean
  readonly rooms: readonly RoomNumericId[]
}

export interface Tellers {
  /** They were on a node that is no more. */
  gone(people: readonly Untold[]): Promise<void>
  /** They are here, and the others have been told that they are gone. */
  back(people: readonly Untold[]): Promise<void>
  /**
   * What was told of them here may not be so: some of it was lost on its way from other nodes, each
   * of which looks after its own. Rejects where nothing could be told.
   */
  mend(words: WordsToMend): Promise<void>
}

/** What those who watch on this node were told of a user. */
export interface ToldPerson {
  readonly profile: Profile
  /** What everybody here knew before it changed. */
  readonly before: PresenceStatus
  /** What those were told since who hear of everybody; null: nothing. */
  readonly isToldOnline: boolean | null
  /** What was told since in rooms. */
  readonly rooms: ReadonlyMap<RoomNumericId, PresenceStatus>
}

/** What they were told of a user's place in a room. */
export interface ToldPlace {
  readonly room: RoomNumericId
  readonly profile: Profile
  readonly before: boolean
  readonly told: boolean | null
}

export interface WordsToMend {
  readonly people: readonly ToldPerson[]
  readonly places: readonly ToldPlace[]
}

/**
 * Who is there right now, on any node. A user with several connections is there once: the first
 * one brings them, the last one takes them away. Whoever has gone lingers until somebody is told:
 * until then they may come back unnoticed, with the status that they had. Nothing here outlives
 * the process.
 */
export interface Presence {
  /** True: the user's first connection, and the others take them to be away. */
  connect(user: Profile): boolean
  /** The user has changed, and whoever asks who is there is told so. */
  renew(user: Profile): void
  /** True: this was the user's last connection. They linger, until this node says `release`. */
  disconnect(user: UserNumericId): boolean
  /** Lingers no more. True: they have not come back, and the others are to be told so from here. */
  release(user: UserNumericId): boolean
  setStatus(user: UserNumericId, status: OnlineStatus): void
  /** As the others were last told: who lingers has not gone. */
  statusOf(user: UserNumericId): PresenceStatus
  /** Everybody who is online, and who lingers. */
  usersOnline(): Iterable<UserNumericId>
  /** Those, of this node, who are on no other one. */
  usersOnlyHere(): Iterable<UserNumericId>
  /** True: the user was not in the room on another connection. */
  enter(room: RoomNumericId, user: UserNumericId): boolean
  /** True: the user is in the room on no other connection. */
  exit(room: RoomNumericId, user: UserNumericId): boolean
  isIn(room: RoomNumericId, user: UserNumericId): boolean
  /** Every room that somebody is in. */
  roomsOccupied(): Iterable<RoomNumericId>
  countIn(room: RoomNumericId): number
  usersIn(room: RoomNumericId): Iterable<UserNumericId>
  /** Who is in the room, the first `limit` of them. */
  profilesIn(room: RoomNumericId, limit: number): readonly Profile[]
  /** Users on a connection, and rooms with somebody in them. */
  count(): Count
  /** The same of this node alone. */
  countHere(): Count
  /** Those who watch on this node are being told this. */
  heard(message: BusMessage): void
  /** How this node tells what falls to it: a few users at a time, each time awaited. */
  tellBy(tellers: Tellers): void
}

export interface Count {
  readonly users: number
  readonly rooms: number
}
