import type { Attachment, MessageType, Metadata, PresenceStatus } from "./entities"
import type { Instant, MessageId, RoomId, RoomNumericId, Seq, UploadId } from "./ids"

/** The last change of a room that a client has seen. */
export interface Position {
  readonly epoch: string
  readonly since: Seq
}

export interface MessageDraft {
  readonly roomId: RoomId
  readonly content: string
  readonly type: MessageType
  readonly clientId: string | null
  readonly metadata: Metadata | null
  /** What few messages have. Left out: nothing of it. */
  readonly extras?: DraftExtras | undefined
}

/** What a message may be besides a text in a room. */
export interface DraftExtras {
  /** The message that it answers; of the same room. */
  readonly replyTo: MessageId | null
  /** The message whose thread it belongs to; of the same room, and in no thread itself. */
  readonly threadId: MessageId | null
  readonly attachmentIds: readonly UploadId[]
  /** When it is deleted by itself. */
  readonly expiresAt: Instant | null
  /** No previews of what it links to. */
  readonly hidesLinkPreviews?: true
  /** What it repeats: only of a message that core itself forwards. */
  readonly forwarded?: { readonly from: MessageId; readonly attachments: readonly Attachment[] }
}

export const NO_DRAFT_EXTRAS: DraftExtras = {
  replyTo: null,
  threadId: null,
  attachmentIds: [],
  expiresAt: null,
}

/** What a message is to say instead. What is left out stays; null takes metadata away. */
export interface MessageEdit {
  readonly content?: string | undefined
  readonly metadata?: Metadata | null | undefined
}

/** Which part of a room's history: exclusive cursors, at most one of them. */
export interface HistoryRange {
  readonly before?: Seq | undefined
  readonly after?: Seq | undefined
  readonly around?: Seq | undefined
  readonly limit: number
}

/** How a client comes into a room, in protocols where a connection joins rooms. */
export interface JoinWish {
  readonly roomId: RoomId
  /** A room that does not exist is made, where the server lets names be taken like that. */
  readonly createsMissing: boolean
  /** One room at a time: who joins another leaves the first, and joining again is refused. */
  readonly isExclusive: boolean
  /** So many of the newest messages are told before anything that comes. */
  readonly historyLimit: number
  /** Coming back into a room that one is a member of counts towards the rate of joins. */
  readonly countsReturns: boolean
}

/** A conversation of two, as `socketio-conversations` names it. */
export interface ConversationDraft {
  readonly conversation: RoomNumericId
  readonly content: string
  readonly type: MessageType
}

/** What a client asks for on a live connection, in no protocol's words. */
export type Command =
  | {
      readonly type: "message.send"
      readonly draft: MessageDraft
      /** Only from a connection that has joined the room. */
      readonly fromInside?: boolean
    }
  | {
      readonly type: "message.forward"
      readonly messageId: MessageId
      readonly roomId: RoomId
      readonly clientId: string | null
    }
  | {
      readonly type: "room.subscribe"
      readonly rooms: readonly { readonly roomId: RoomId; readonly position: Position | null }[]
      /** Every room I am a member of, now and later. */
      readonly all: boolean
    }
  | { readonly type: "room.unsubscribe"; readonly roomIds: readonly RoomId[] }
  | { readonly type: "message.edit"; readonly messageId: MessageId; readonly edit: MessageEdit }
  | {
      readonly type: "message.delete" | "message.pin" | "message.unpin"
      readonly messageId: MessageId
    }
  | {
      readonly type: "reaction.add" | "reaction.remove"
      readonly messageId: MessageId
      readonly emoji: string
    }
  | { readonly type: "history.read"; readonly roomId: RoomId; readonly range: HistoryRange }
  | {
      readonly type: "typing.set"
      readonly roomId: RoomId
      readonly isTyping: boolean
      readonly fromInside?: boolean
    }
  | { readonly type: "read.mark"; readonly roomId: RoomId; readonly seq: Seq }
  | { readonly type: "presence.set"; readonly status: Exclude<PresenceStatus, "offline"> }
  | { readonly type: "ping" }
  | ({ readonly type: "room.join" } & JoinWish)
  /** Null: the room that the connection is in. */
  | { readonly type: "room.leave"; readonly roomId: RoomId | null }
  | {
      readonly type: "room.create"
      readonly name: string
      readonly roomType: "public" | "private"
      readonly maxUsers: number
    }
  | { readonly type: "rooms.list"; readonly roomType: "public" | "private" | undefined }
  | { readonly type: "room.stats"; readonly roomId: RoomId }
  | { readonly type: "conversation.join"; readonly conversation: RoomNumericId }
  | { readonly type: "conversation.leave"; readonly conversation: RoomNumericId }
  | { readonly type: "conversation.send"; readonly draft: ConversationDraft }
  | {
      readonly type: "conversation.typing"
      readonly conversation: RoomNumericId
      readonly isTyping: boolean
    }
