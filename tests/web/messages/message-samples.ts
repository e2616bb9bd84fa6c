import type { PendingMessage } from "../../../src/client/client"
import type { ApiMember, ApiMessage, ApiRoom } from "../../../src/protocol/answers"

const MIDNIGHT = Date.UTC(2026, 0, 5)

/** So many minutes after a midnight. */
export const at = (minutes: number): string => new Date(MIDNIGHT + minutes * 60_000).toISOString()

export function messageOf(seq: number, change: Partial<ApiMessage> = {}): ApiMessage {
  const user_id = change.user_id ?? "ann"
  return {
    id: `m${seq}`,
    numeric_id: seq,
    room_id: "lobby",
    seq,
    changed_seq: seq,
    user_id,
    user: { id: user_id, username: user_id, display_name: null, avatar_url: null },
    type: "text",
    content: `message ${seq}`,
    reply_to: null,
    thread_id: null,
    thread_count: 0,
    attachments: [],
    mentions: [],
    reactions: [],
    pinned: false,
    metadata: null,
    created_at: at(seq),
    edited_at: null,
    deleted_at: null,
    ...change,
  }
}

export const pendingOf = (clientId: string, minutes: number): PendingMessage => ({
  clientId,
  draft: { content: `draft ${clientId}` },
  writtenAt: MIDNIGHT + minutes * 60_000,
  failure: null,
  delay: null,
})

export const roomOf = (type: ApiRoom["type"]): ApiRoom => ({
  id: "lobby",
  name: "Lobby",
  type,
  topic: null,
  max_users: 0,
  members_can_invite: false,
  user_count: 2,
  member_count: 2,
  created_by: "ann",
  created_at: at(0),
  updated_at: at(0),
  epoch: "e1",
  head: 1,
})

export const memberOf = (user_id: string, change: Partial<ApiMember> = {}): ApiMember => ({
  room_id: "lobby",
  user_id,
  user: { id: user_id, username: user_id, display_name: null, avatar_url: null },
  role: "member",
  joined_at: at(0),
  left_at: null,
  muted_until: null,
  changed_seq: 1,
  ...change,
})
