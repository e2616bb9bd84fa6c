import type { PresenceStatus, Profile } from "../protocol/entities"
import type { RoomNumericId, UserNumericId } from "../protocol/ids"

/**
 * Who is there right now. A user with several connections is there once: the first one brings
 * them, the last one takes them away. Nothing here outlives the process.
 */
export interface Presence {
  /** True: this was the user's first connection. */
  connect(user: Profile): boolean
  /** The user has changed, and whoever asks who is there is told so. */
  renew(user: Profile): void
  /** True: this was the user's last connection. */
  disconnect(user: UserNumericId): boolean
  setStatus(user: UserNumericId, status: Exclude<PresenceStatus, "offline">): void
  statusOf(user: UserNumericId): PresenceStatus
  /** Everybody who is online. */
  usersOnline(): Iterable<UserNumericId>
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
  count(): { readonly users: number; readonly rooms: number }
}
