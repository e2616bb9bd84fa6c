/** One example of each named answer: shown in the documents and held against the schemas. */
import type {
  ApiAttachment,
  ApiBan,
  ApiChanges,
  ApiConversation,
  ApiInvite,
  ApiKeyView,
  ApiLinkPreview,
  ApiMember,
  ApiMessage,
  ApiMessageVersion,
  ApiNewKey,
  ApiPresence,
  ApiProblem,
  ApiProfile,
  ApiReadMark,
  ApiRoom,
  ApiScheduledMessage,
  ApiSearchHit,
  ApiSendReceipt,
  ApiSession,
  ApiTokens,
  ApiUnread,
  ApiUser,
} from "./answers"
import { asRoomNumericId } from "./ids"
import { messageId, messageNumericId } from "./message-id"
import type { ApiAdminUser, ApiServerInfo, ApiServerStats } from "./server-answers"
import type { ApiPair, ApiPairMessage, ApiPairMessages } from "./socketio-conversations-answers"

const ROOM_ID = "0199c2f0-0000-7000-8000-000000000001"
const ANN_ID = "0199c2f0-0000-7000-8000-00000000000a"
const NOON = "2026-01-02T12:00:00.000Z"
const NUMERIC_ID = messageNumericId(asRoomNumericId(1), 3)
const EVENING = "2026-01-02T20:00:00.000Z"

const profile: ApiProfile = {
  id: ANN_ID,
  username: "ann",
  display_name: "Ann",
  avatar_url: null,
}
const user: ApiUser = {
  id: ANN_ID,
  numeric_id: 1,
  username: "ann",
  display_name: "Ann",
  avatar_url: null,
  created_at: NOON,
  last_seen_at: null,
  email: "ann@chat.example",
  role: "user",
}
const room: ApiRoom = {
  id: ROOM_ID,
  name: "general",
  type: "public",
  topic: null,
  max_users: 0,
  members_can_invite: false,
  user_count: 1,
  member_count: 2,
  created_by: ANN_ID,
  created_at: NOON,
  updated_at: NOON,
  epoch: "q3Rk1xVZ2sLw",
  head: 3,
}
const attachment: ApiAttachment = {
  id: "0199c2f0-0000-7000-8000-00000000000f",
  url: "/api/v1/uploads/0199c2f0-0000-7000-8000-00000000000f",
  name: "sunset.jpg",
  mime: "image/jpeg",
  size: 183_422,
  width: 1600,
  height: 1200,
  thumbnail_url: "/api/v1/uploads/0199c2f0-0000-7000-8000-00000000000f/thumbnail",
}
const member: ApiMember = {
  room_id: ROOM_ID,
  user_id: ANN_ID,
  user: profile,
  role: "member",
  joined_at: NOON,
  left_at: null,
  muted_until: null,
  changed_seq: 2,
}
const presence: ApiPresence = {
  user_id: ANN_ID,
  username: "ann",
  status: "away",
  last_seen_at: null,
}
const ban: ApiBan = {
  room_id: ROOM_ID,
  user_id: ANN_ID,
  user: profile,
  banned_by: "0199c2f0-0000-7000-8000-00000000000e",
  reason: "Advertising",
  created_at: NOON,
  until: null,
}
const invite: ApiInvite = {
  code: "q3Rk1xVZ2sLw",
  room_id: ROOM_ID,
  created_by: ANN_ID,
  created_at: NOON,
  expires_at: null,
  max_uses: 10,
  uses: 2,
}
const conversation: ApiConversation = { ...room, type: "direct", users: [profile] }
const message: ApiMessage = {
  id: messageId(NUMERIC_ID, Date.parse(NOON)),
  numeric_id: NUMERIC_ID,
  room_id: ROOM_ID,
  seq: 3,
  changed_seq: 3,
  user_id: ANN_ID,
  user: profile,
  type: "text",
  content: "Hello, world",
  client_id: "a-1",
  reply_to: null,
  thread_id: null,
  thread_count: 0,
  attachments: [],
  mentions: [],
  reactions: [],
  pinned: false,
  metadata: null,
  created_at: NOON,
  edited_at: null,
  deleted_at: null,
}
const version: ApiMessageVersion = {
  seq: 4,
  content: "Hello, wrold",
  metadata: null,
  created_at: NOON,
}

const scheduled: ApiScheduledMessage = {
  id: "0199c2f0-0000-7000-8000-00000000000f",
  room_id: ROOM_ID,
  type: "text",
  content: "Good evening",
  reply_to: null,
  thread_id: null,
  attachment_ids: [],
  metadata: null,
  send_at: EVENING,
  created_at: NOON,
  failed: null,
}

const searchHit: ApiSearchHit = { message, snippet: "<mark>Hello</mark>, world" }
const receipt: ApiSendReceipt = {
  id: message.id,
  numeric_id: NUMERIC_ID,
  room_id: ROOM_ID,
  seq: 3,
  created_at: NOON,
  duplicate: false,
}
const changes: ApiChanges = {
  epoch: "q3Rk1xVZ2sLw",
  head: 3,
  until: 3,
  recovered: true,
  messages: [message],
  members: [member],
  more: false,
}
const unread: ApiUnread = { room_id: ROOM_ID, unread: 2, mentions: 0, last_read_seq: 1, head: 3 }
const readMark: ApiReadMark = { user_id: ANN_ID, seq: 3 }
const session: ApiSession = {
  id: "0199c2f0-0000-7000-8000-00000000000b",
  created_at: NOON,
  last_used_at: NOON,
  expires_at: EVENING,
  user_agent: "Firefox",
  address: "192.0.2.7",
  current: true,
}
const apiKey: ApiKeyView = {
  id: "0199c2f0-0000-7000-8000-00000000000d",
  name: "nightly report",
  scopes: [],
  created_at: NOON,
  expires_at: null,
  last_used_at: null,
}
const newKey: ApiNewKey = { id: apiKey.id, key: "prk_q1Zk3n0oT5m2v8bX7c4dW9eR6tYuIoPa" }
const tokens: ApiTokens = {
  access_token: "eyJhbGciOiJIUzI1NiJ9.e30.c2ln",
  token_type: "Bearer",
  expires_in: 900,
  refresh_token: "prr_q1Zk3n0oT5m2v8bX7c4dW9eR6tYuIoPa",
  user,
}
const problem: ApiProblem = {
  type: "urn:parley:error:invalid_request",
  title: "The request is malformed",
  status: 400,
  detail: "name: must have 1 to 100 characters",
  code: "invalid_request",
  errors: [{ path: "name", message: "must have 1 to 100 characters" }],
}

const pair: ApiPair = {
  id: 1,
  sender_id: 1,
  receiver_id: 2,
  created_at: NOON,
  updated_at: NOON,
}
const pairMessage: ApiPairMessage = {
  id: NUMERIC_ID,
  sender_id: 1,
  conversation_id: 1,
  timestamp: NOON,
  message_type: "text",
  content: "Hello, world",
  conversation: { id: 1, sender_id: 1, receiver_id: 2 },
}
const pairMessages: ApiPairMessages = {
  data: [pairMessage],
  page: 1,
  limit: 20,
  total: 1,
  totalPages: 1,
}

/** By the name of the schema. */
const linkPreview: ApiLinkPreview = {
  url: "https://example.org/tea",
  title: "Tea and cake",
  description: "All about it",
  site_name: "The tea house",
}

const serverInfo: ApiServerInfo = {
  name: "Parley",
  version: "0.1.0",
  registration: "open",
  limits: { max_message_length: 4_000, max_upload_bytes: 26_214_400 },
}
const serverStats: ApiServerStats = {
  time: NOON,
  started_at: NOON,
  version: "0.1.0",
  users: { total: 120, online: 14 },
  rooms: { total: 9, occupied: 5 },
  messages: { sent: 48_211, per_second: 3.4 },
  connections: { native: 12, "socketio-rooms": 3 },
  deliveries: 602_114,
  memory_bytes: 96_468_992,
  event_loop_lag_ms: 1.2,
  commits: { count: 47_902, mean_ms: 0.31 },
}
const adminUser: ApiAdminUser = {
  ...user,
  email: "ann@chat.example",
  role: "user",
  disabled_at: null,
}

export const EXAMPLES = {
  ServerInfo: serverInfo,
  ServerStats: serverStats,
  AdminUser: adminUser,
  User: user,
  Profile: profile,
  Room: room,
  Member: member,
  Presence: presence,
  Attachment: attachment,
  Ban: ban,
  Invite: invite,
  Conversation: conversation,
  LinkPreview: linkPreview,
  Message: message,
  MessageVersion: version,
  ScheduledMessage: scheduled,
  SearchHit: searchHit,
  SendReceipt: receipt,
  Changes: changes,
  Unread: unread,
  ReadMark: readMark,
  Session: session,
  ApiKey: apiKey,
  NewApiKey: newKey,
  Tokens: tokens,
  Problem: problem,
  Pair: pair,
  PairMessage: pairMessage,
  PairMessages: pairMessages,
} as const
