import type { MessageType, Metadata, PresenceStatus } from "./entities"
import type { RoomId, Seq } from "./ids"

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
}

/** Which part of a room's history: exclusive cursors, at most one of them. */
export interface HistoryRange {
  readonly before?: Seq | undefined
  readonly after?: Seq | undefined
  readonly around?: Seq | undefined
  readonly limit: number
}

/** What a client asks for on a live connection, in no protocol's words. */
export type Command =
  | { readonly type: "message.send"; readonly draft: MessageDraft }
  | {
      readonly type: "room.subscribe"
      readonly rooms: readonly { readonly roomId: RoomId; readonly position: Position | null }[]
      /** Every room I am a member of, now and later. */
      readonly all: boolean
    }
  | { readonly type: "room.unsubscribe"; readonly roomIds: readonly RoomId[] }
  | { readonly type: "history.read"; readonly roomId: RoomId; readonly range: HistoryRange }
  | { readonly type: "typing.set"; readonly roomId: RoomId; readonly isTyping: boolean }
  | { readonly type: "read.mark"; readonly roomId: RoomId; readonly seq: Seq }
  | { readonly type: "presence.set"; readonly status: Exclude<PresenceStatus, "offline"> }
  | { readonly type: "ping" }
