/**
 * The shape of the SDK: what `createClient` gives. A client holds one account's session, one live
 * connection, and what it knows of rooms; all of it as `Live` values that a page can show.
 */
import type {
  ApiConversation,
  ApiMember,
  ApiMessage,
  ApiProfile,
  ApiReadMark,
  ApiRoom,
  ApiUser,
} from "../protocol/answers"
import type { PresenceStatus } from "../protocol/entities"
import type { Api } from "./api"
import type { ParleyError } from "./error"
import type { Live } from "./live"
import type { Storage } from "./storage/storage"

export interface ClientOptions {
  /** Where the server is, as `https://chat.example`; in a page, by default where it came from. */
  readonly url?: string
  /**
   * Where the session, what was not sent yet and what was read are kept. By default in memory:
   * give `createBrowserStorage()` for what survives a reload.
   */
  readonly storage?: Storage
  /** A token of the app's own, or of a key; asked for again when it has expired. Else: log in. */
  readonly token?: string | (() => Promise<string>)
  readonly fetch?: typeof fetch
  readonly WebSocket?: typeof WebSocket
}

export interface Client {
  /** All of REST, typed. Refreshes the session's token by itself. */
  readonly api: Api

  /** Who I am; null: signed out. */
  readonly me: Live<Me | null>
  /** Goes on with the session of before, from storage. Null: there is none. Works offline. */
  restore(): Promise<Me | null>
  register(account: NewAccount): Promise<Me>
  login(who: Login): Promise<Me>
  /** Ends the session and forgets everything that is kept of it, also where the server is away. */
  logout(): Promise<void>

  /**
   * Connects and stays connected until `disconnect`; `login` and `restore` do not by themselves.
   * Called while it waits to try again, it does not wait; after it has ended, it begins anew.
   */
  connect(): void
  disconnect(): void
  readonly connection: Live<ConnectionState>

  /** All rooms and conversations I am a member of, those with the latest message first. */
  readonly rooms: Live<readonly RoomView[]>
  /** Whether `rooms` is known: from the server or from storage. */
  readonly isReady: Live<boolean>
  /** A room that I may read, member or not. The same handle for the same id, until `close`. */
  room(roomId: string): RoomHandle
  /** Who is online, away or busy, of whom something was heard: by user id. */
  readonly presence: Live<ReadonlyMap<string, Presence>>
  setStatus(status: Exclude<PresenceStatus, "offline">): void

  /** Everything that comes over the connection, in order, beside what the views make of it. */
  on<Type extends ClientEventType>(type: Type, listener: ClientListener<Type>): () => void
  /** Ends everything: connection, timers and storage. The session stays for the next time. */
  close(): Promise<void>
}

/** Oneself. `role` is of the server: `admin` may see the server's figures. */
export interface Me extends ApiUser {
  readonly role?: "user" | "admin" | undefined
}

export interface NewAccount {
  readonly username: string
  readonly password: string
  readonly email?: string
  readonly displayName?: string
  readonly inviteCode?: string
}

export type Login =
  | { readonly username: string; readonly password: string }
  | { readonly email: string; readonly password: string }

export type ConnectionState =
  /** Not asked to connect. */
  | { readonly status: "idle" }
  | { readonly status: "connecting" }
  /** Live, and everything that was missed has been told. */
  | { readonly status: "live" }
  /** Tries again at `retryAt` (epoch milliseconds), or when the browser is online again. */
  | { readonly status: "waiting"; readonly retryAt: number; readonly isOnline: boolean }
  /** Does not try again by itself: banned, too many connections, or the session has ended. */
  | { readonly status: "ended"; readonly reason: "session" | "banned" | "connections" | "protocol" }

export interface Presence {
  readonly status: PresenceStatus
  readonly lastSeenAt: string | null
}

/** A room as a list of rooms shows it. */
export interface RoomView {
  readonly room: ApiRoom
  /** Who takes part in a conversation, without oneself; empty for rooms. */
  readonly people: readonly ApiProfile[]
  /** Of oneself: role, mute. Null: not a member, or not known yet. */
  readonly membership: ApiMember | null
  readonly lastMessage: ApiMessage | null
  /** At most 1,000: so many, or more. */
  readonly unread: number
  readonly mentions: number
  readonly lastReadSeq: number
  /** Who is typing just now, without oneself. */
  readonly typing: readonly Typist[]
}

export interface Typist {
  readonly userId: string
  readonly username: string
}

/** One room that is open somewhere. */
export interface RoomHandle {
  readonly id: string
  /** Null: not known yet, or one may not read it (then `trouble` says why). */
  readonly view: Live<RoomView | null>
  readonly trouble: Live<ParleyError | null>
  readonly timeline: Timeline
  /** A thread: the message it hangs on, and its answers. */
  thread(messageId: string): Timeline
  /** Members that were loaded or heard of, by user id. `loadMembers` brings all, page by page. */
  readonly members: Live<ReadonlyMap<string, ApiMember>>
  loadMembers(): Promise<void>
  /** How far each has read; empty in rooms of more than 100 members. */
  readonly reads: Live<readonly ApiReadMark[]>
  loadReads(): Promise<void>
  /**
   * Shown at once, kept until the server has it, sent again after trouble; also after a reload.
   * Returns its `client_id`.
   */
  send(draft: Draft): string
  /** Tries what failed again, or forgets it. */
  retry(clientId: string): void
  discard(clientId: string): void
  /** Told at most every 3 s; ends by itself. */
  setTyping(isTyping: boolean): void
  /** Moves the read mark forward; told to the server a moment later, the last one only. */
  markRead(seq: number): void
  /** Nobody looks at it any more: its messages need not be kept in memory. */
  close(): void
}

export interface Draft {
  readonly content: string
  readonly type?: ApiMessage["type"]
  readonly replyTo?: string | null
  readonly threadId?: string | null
  /** Of files that were uploaded; shown with the message meanwhile. */
  readonly attachments?: ApiMessage["attachments"]
  readonly metadata?: Readonly<Record<string, unknown>> | null
}

/** A part of a room's history, without holes, that grows at either end. Oldest first. */
export interface Timeline {
  readonly state: Live<TimelineState>
  /** Loads the newest, or around a seq, or from storage meanwhile. What was there goes. */
  open(at?: { readonly around: number }): Promise<void>
  /** Loads more at one end; at most one at a time. Nothing to load: nothing happens. */
  loadOlder(): Promise<void>
  loadNewer(): Promise<void>
}

export interface TimelineState {
  readonly messages: readonly ApiMessage[]
  /** What is on its way or could not be sent; after all messages, in the order it was written. */
  readonly pending: readonly PendingMessage[]
  /** Nothing is before, or after, what is loaded. After the latest, new ones come by themselves. */
  readonly isAtStart: boolean
  readonly isAtEnd: boolean
  readonly loading: "first" | "older" | "newer" | null
  readonly trouble: ParleyError | null
}

export interface PendingMessage {
  readonly clientId: string
  readonly draft: Draft
  /** Epoch milliseconds. */
  readonly writtenAt: number
  /** Null: on its way, or waiting for the connection. Else it stays until retried or discarded. */
  readonly failure: ParleyError | null
  /** Why it, and all others, are only sent after a while: the server wants it so, or has trouble. */
  readonly delay: ParleyError | null
}

/** What `on` tells, and with what. */
export interface ClientEvents {
  "message.created": { readonly message: ApiMessage }
  "message.updated": { readonly message: ApiMessage }
  "message.deleted": { readonly message: ApiMessage }
  "room.added": { readonly room: ApiRoom | ApiConversation }
  "room.removed": { readonly room: ApiRoom }
  "room.updated": { readonly room: ApiRoom }
  "room.deleted": { readonly room: ApiRoom }
  "member.joined": { readonly member: ApiMember }
  "member.left": { readonly member: ApiMember }
  "member.updated": { readonly member: ApiMember }
  /** The session is over: ended elsewhere, expired, or the account is gone. */
  "session.ended": { readonly error: ParleyError }
}
export type ClientEventType = keyof ClientEvents
export type ClientListener<Type extends ClientEventType> = (event: ClientEvents[Type]) => void
