/** All of REST as typed calls. Each throws a `ParleyError`; lists come in pages. */
import type {
  ApiBan,
  ApiConversation,
  ApiInvite,
  ApiKeyView,
  ApiMember,
  ApiMessage,
  ApiMessageVersion,
  ApiNewKey,
  ApiPresence,
  ApiReadMark,
  ApiRoom,
  ApiScheduledMessage,
  ApiSearchHit,
  ApiSession,
  ApiUnread,
  ApiUser,
} from "../protocol/answers"
import type { KeyScope, Role } from "../protocol/entities"
import type { Me } from "./client"

export interface Page<T> {
  readonly items: readonly T[]
  /** Null: this was the last page. */
  readonly cursor: string | null
}

export interface PageQuery {
  readonly cursor?: string | null | undefined
  readonly limit?: number | undefined
}

/** A file as messages show it, and as it was uploaded. */
export type Uploaded = ApiMessage["attachments"][number]

export interface UploadOptions {
  readonly name?: string
  /** From 0 to 1, as it goes. */
  readonly onProgress?: (share: number) => void
  readonly signal?: AbortSignal
}

export interface SendOptions {
  readonly content: string
  readonly type?: ApiMessage["type"]
  readonly client_id?: string
  readonly reply_to?: string | null
  readonly thread_id?: string | null
  readonly attachment_ids?: readonly string[]
  readonly metadata?: Readonly<Record<string, unknown>> | null
  readonly expires_at?: string | null
}

export interface HistoryQuery {
  readonly before?: number | undefined
  readonly after?: number | undefined
  readonly around?: number | undefined
  readonly limit?: number | undefined
}

export interface Sanction {
  readonly until?: string | null
  readonly reason?: string | null
}

export interface SearchQuery extends PageQuery {
  readonly q: string
  readonly room_id?: string | undefined
  readonly from?: string | undefined
  readonly before?: string | undefined
  readonly after?: string | undefined
  readonly has?: "file" | undefined
}

/** What a server says of itself to everybody (`GET /api/v1/server`). */
export interface ServerInfo {
  readonly name: string
  readonly version: string
  readonly registration: "open" | "invite" | "closed"
  readonly limits: {
    /** Characters; 0: any number. */
    readonly max_message_length: number
    readonly max_upload_bytes: number
  }
}

/** How the server is doing, for admins (`GET /api/v1/admin/stats`). */
export interface ServerStats {
  readonly time: string
  readonly started_at: string
  readonly version: string
  readonly users: { readonly total: number; readonly online: number }
  readonly rooms: { readonly total: number; readonly occupied: number }
  readonly messages: { readonly sent: number; readonly per_second: number }
  /** By protocol, of this node. */
  readonly connections: Readonly<Record<string, number>>
  readonly deliveries: number
  readonly memory_bytes: number
  readonly event_loop_lag_ms: number
  readonly commits: { readonly count: number; readonly mean_ms: number }
}

export interface Api {
  readonly server: { info(): Promise<ServerInfo> }
  readonly auth: {
    sessions(page?: PageQuery): Promise<Page<ApiSession>>
    endSession(id: string): Promise<void>
    changePassword(passwords: {
      readonly current_password: string
      readonly new_password: string
    }): Promise<void>
    keys(page?: PageQuery): Promise<Page<ApiKeyView>>
    createKey(key: {
      readonly name: string
      readonly scopes?: readonly KeyScope[]
      readonly expires_at?: string
    }): Promise<ApiNewKey>
    endKey(id: string): Promise<void>
  }
  readonly users: {
    list(query?: PageQuery & { readonly query?: string }): Promise<Page<ApiUser>>
    get(id: string): Promise<ApiUser>
    me(): Promise<Me>
    updateMe(change: {
      readonly username?: string
      readonly display_name?: string | null
      readonly avatar_url?: string | null
      readonly email?: string | null
    }): Promise<Me>
    deleteMe(): Promise<void>
    blocks(page?: PageQuery): Promise<Page<ApiUser>>
    block(id: string): Promise<void>
    unblock(id: string): Promise<void>
  }
  readonly rooms: {
    list(
      query?: PageQuery & {
        readonly query?: string
        readonly type?: "public" | "private"
        readonly mine?: boolean
      },
    ): Promise<Page<ApiRoom>>
    get(id: string): Promise<ApiRoom>
    create(room: {
      readonly name: string
      readonly type?: "public" | "private"
      readonly topic?: string | null
      readonly max_users?: number
      readonly members_can_invite?: boolean
    }): Promise<ApiRoom>
    update(
      id: string,
      change: {
        readonly name?: string
        readonly type?: "public" | "private"
        readonly topic?: string | null
        readonly max_users?: number
        readonly members_can_invite?: boolean
      },
    ): Promise<ApiRoom>
    remove(id: string): Promise<void>
    join(id: string): Promise<ApiRoom>
    leave(id: string): Promise<void>
    presence(id: string): Promise<readonly ApiPresence[]>
    reads(id: string): Promise<readonly ApiReadMark[]>
    members(id: string, page?: PageQuery): Promise<Page<ApiMember>>
    setMember(id: string, userId: string, member?: { readonly role?: Role }): Promise<ApiMember>
    removeMember(id: string, userId: string): Promise<void>
    bans(id: string, page?: PageQuery): Promise<Page<ApiBan>>
    ban(id: string, userId: string, sanction?: Sanction): Promise<ApiBan>
    unban(id: string, userId: string): Promise<void>
    mute(id: string, userId: string, sanction?: Sanction): Promise<ApiMember>
    unmute(id: string, userId: string): Promise<void>
    invites(id: string, page?: PageQuery): Promise<Page<ApiInvite>>
    createInvite(
      id: string,
      invite?: { readonly expires_at?: string | null; readonly max_uses?: number | null },
    ): Promise<ApiInvite>
    removeInvite(id: string, code: string): Promise<void>
    redeemInvite(code: string): Promise<ApiRoom>
    pins(id: string, page?: PageQuery): Promise<Page<ApiMessage>>
  }
  readonly conversations: {
    list(page?: PageQuery): Promise<Page<ApiConversation>>
    open(userIds: readonly string[]): Promise<ApiConversation>
  }
  readonly messages: {
    history(roomId: string, query?: HistoryQuery): Promise<readonly ApiMessage[]>
    send(roomId: string, message: SendOptions): Promise<ApiMessage>
    get(id: string): Promise<ApiMessage>
    edit(id: string, change: { readonly content: string }): Promise<ApiMessage>
    remove(id: string): Promise<ApiMessage>
    versions(id: string, page?: PageQuery): Promise<Page<ApiMessageVersion>>
    thread(id: string, query?: Omit<HistoryQuery, "around">): Promise<readonly ApiMessage[]>
    forward(
      id: string,
      to: { readonly room_id: string; readonly client_id?: string },
    ): Promise<ApiMessage>
    react(id: string, emoji: string): Promise<ApiMessage>
    unreact(id: string, emoji: string): Promise<ApiMessage>
    pin(id: string): Promise<ApiMessage>
    unpin(id: string): Promise<ApiMessage>
  }
  readonly scheduled: {
    list(page?: PageQuery): Promise<Page<ApiScheduledMessage>>
    create(
      roomId: string,
      message: SendOptions & { readonly send_at: string },
    ): Promise<ApiScheduledMessage>
    update(
      id: string,
      change: { readonly content?: string; readonly send_at?: string },
    ): Promise<ApiScheduledMessage>
    remove(id: string): Promise<void>
  }
  readonly uploads: {
    create(file: Blob, options?: UploadOptions): Promise<Uploaded>
    remove(id: string): Promise<void>
  }
  readonly search: { messages(query: SearchQuery): Promise<Page<ApiSearchHit>> }
  readonly unread: { list(): Promise<readonly ApiUnread[]> }
  /** For admins. */
  readonly admin: {
    stats(): Promise<ServerStats>
    /** Those that are disabled, too. */
    users(query?: PageQuery & { readonly query?: string }): Promise<Page<AdminUser>>
    setDisabled(userId: string, isDisabled: boolean): Promise<AdminUser>
    rooms(query?: PageQuery & { readonly query?: string }): Promise<Page<ApiRoom>>
  }
}

/** An account, as admins see it. */
export interface AdminUser extends ApiUser {
  readonly role: "user" | "admin"
  readonly disabled_at: string | null
}
