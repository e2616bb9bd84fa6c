import type { Conversation } from "./conversation"
import type { Member, Message, Profile, Room, User } from "./entities"
import type { ChatError } from "./errors"
import type { RoomPresenceEvent, RoomRef } from "./events"
import type { Instant, RoomId, RoomNumericId, Seq, UserId } from "./ids"

/** What the sender of a message learns once it is durable. */
export interface SendReceipt {
  readonly type: "sent"
  readonly message: Message
  /** This `clientId` had been sent before; nothing new was stored. */
  readonly duplicate: boolean
}

/** What happened in a room since a client last looked. */
export interface Changes {
  readonly room: Room
  readonly userCount: number
  /** Everything up to here has been told. */
  readonly until: Seq
  /** False: what the client has is of no use; these are the newest messages to start from. */
  readonly recovered: boolean
  /** The room itself changed, or the client starts afresh. */
  readonly roomChanged: boolean
  readonly messages: readonly Message[]
  readonly members: readonly Member[]
  readonly more: boolean
}

export interface Unread {
  readonly roomId: RoomId
  readonly unread: number
  readonly mentions: number
  readonly lastReadSeq: Seq
  readonly head: Seq
}

/** How far a member has read. */
export interface ReadMark {
  readonly userId: UserId
  readonly seq: Seq
}

/** A room, and who is in it just now. */
export interface Occupied {
  readonly room: Room
  readonly userCount: number
  /** The first of those present. */
  readonly present: readonly Profile[]
}

/** The answer to a command that was carried out. Refusals are `ChatError`s. */
/** What somebody is told of a room who begins to listen to it. */
export type RoomStanding =
  | { readonly roomId: RoomId; readonly changes: Changes }
  | { readonly roomId: RoomId; readonly error: ChatError }

export type Reply =
  | SendReceipt
  | {
      readonly type: "subscribed"
      readonly rooms: readonly RoomStanding[]
    }
  /** As the message is now, whether or not it was so before. */
  | { readonly type: "changed"; readonly message: Message }
  | { readonly type: "history"; readonly messages: readonly Message[] }
  | { readonly type: "authenticated"; readonly user: User }
  | { readonly type: "pong"; readonly time: Instant }
  | { readonly type: "done" }
  | ({
      readonly type: "room.joined"
      /** The notice of it, as those have heard it who were there; none for who was there already. */
      readonly notice: RoomPresenceEvent | null
      /** Oldest first; as many as were asked for. */
      readonly messages: readonly Message[]
    } & Occupied)
  | { readonly type: "room.left"; readonly room: RoomRef }
  | ({ readonly type: "room.created" } & Occupied)
  | { readonly type: "rooms"; readonly rooms: readonly Occupied[] }
  | ({
      readonly type: "room.stats"
      readonly typists: readonly Profile[]
      readonly at: Instant
    } & Occupied)
  | { readonly type: "typing.set"; readonly isTyping: boolean }
  | {
      readonly type: "conversation.joined" | "conversation.left"
      readonly conversation: RoomNumericId
    }
  | {
      readonly type: "conversation.sent"
      readonly message: Message
      readonly conversation: Conversation
      readonly duplicate: boolean
    }
