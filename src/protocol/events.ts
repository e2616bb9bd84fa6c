import type { Member, Message, PresenceStatus, Profile, Room, User } from "./entities"
import type { Instant, KeyId, RoomId, RoomNumericId, Seq, SessionId, UserNumericId } from "./ids"

/** The room that an event is about: its public id for clients, its number for topics. */
export interface RoomRef {
  readonly id: RoomId
  readonly numericId: RoomNumericId
  /** Of a conversation: whose it is, and who began it. Told with messages. */
  readonly directKey?: string | null
  readonly creatorNumericId?: UserNumericId | null
}

/** A durable change of a room. It has taken the room's next `seq` and is committed. */
export type RoomEvent =
  | {
      readonly type: "message.created" | "message.updated" | "message.deleted"
      readonly room: RoomRef
      readonly seq: Seq
      readonly message: Message
    }
  | {
      readonly type: "member.joined" | "member.left" | "member.updated"
      readonly room: RoomRef
      readonly seq: Seq
      readonly member: Member
      /** Who left has ended their account: their connections are closed, and told so, after it. */
      readonly accountEnds?: true
    }
  | {
      readonly type: "room.updated" | "room.deleted"
      readonly room: Room
      readonly seq: Seq
      readonly userCount: number
    }

/** Tells one user's connections that they are now, or no longer, a member of a room. */
export interface MembershipEvent {
  readonly type: "room.added" | "room.removed"
  readonly user: UserNumericId
  readonly room: Room
  readonly userCount: number
}

/** Lives only on the wire: no `seq`, stored nowhere, dropped first under pressure. */
export type EphemeralEvent =
  | {
      readonly type: "typing"
      readonly room: RoomRef
      readonly user: Profile
      readonly isTyping: boolean
      readonly at: Instant
    }
  | { readonly type: "read"; readonly room: RoomRef; readonly user: Profile; readonly seq: Seq }
  | {
      readonly type: "presence"
      readonly room: RoomRef
      readonly user: Profile
      readonly status: PresenceStatus
      readonly lastSeenAt: Instant | null
    }
  | RoomPresenceEvent
  | {
      readonly type: "user.online" | "user.offline"
      readonly user: Profile
      readonly at: Instant
    }

/**
 * A user has come into a room on the first of their connections, or has gone from it with the
 * last one. Nothing to do with membership.
 */
export interface RoomPresenceEvent {
  readonly type: "room.entered" | "room.exited"
  readonly room: RoomRef
  readonly user: Profile
  readonly at: Instant
  /** Of this notice; for protocols that give every notice an id. */
  readonly noticeId: string
}

/** Everything that clients can be told. */
export type Event = RoomEvent | MembershipEvent | EphemeralEvent

/** Told to the server's own nodes: a right by which sockets are open, or hear a room, has ended. */
export type Revocation =
  | { readonly type: "access.ended"; readonly user: UserNumericId; readonly room: RoomRef }
  | { readonly type: "session.revoked"; readonly sessionId: SessionId }
  | { readonly type: "key.revoked"; readonly keyId: KeyId }
  | { readonly type: "user.disabled"; readonly user: UserNumericId }

/** Told to the server's own nodes: what they remember of a user is no longer so. */
export interface AccountChange {
  readonly type: "user.updated"
  readonly user: User
}

/** Everything that the bus carries between nodes. */
export type BusMessage = Event | Revocation | AccountChange
