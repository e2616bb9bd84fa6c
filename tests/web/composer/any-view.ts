import type { RoomView } from "../../../src/client/client"
import type { ApiMember, ApiProfile } from "../../../src/protocol/answers"

const time = "2026-11-25T12:00:00.000Z"

export const anyProfile = (username: string): ApiProfile => ({
  id: `u-${username}`,
  username,
  display_name: null,
  avatar_url: null,
})

export const anyMember = (change: Partial<ApiMember> = {}): ApiMember => ({
  room_id: "r-lobby",
  user_id: "u-ann",
  user: anyProfile("ann"),
  role: "member",
  joined_at: time,
  left_at: null,
  muted_until: null,
  changed_seq: 1,
  ...change,
})

/** A room as its list shows it, with what a test says about it. */
export const anyView = (change: Partial<RoomView> = {}): RoomView => ({
  room: {
    id: "r-lobby",
    name: "lobby",
    type: "public",
    topic: null,
    max_users: 0,
    members_can_invite: false,
    user_count: 0,
    member_count: 1,
    created_by: "u-ann",
    created_at: time,
    updated_at: time,
    epoch: "e",
    head: 1,
  },
  people: [],
  membership: anyMember(),
  lastMessage: null,
  unread: 0,
  mentions: 0,
  lastReadSeq: 0,
  typing: [],
  ...change,
})
