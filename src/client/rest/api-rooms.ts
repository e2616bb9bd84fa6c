import type {
  ApiBan,
  ApiConversation,
  ApiInvite,
  ApiMember,
  ApiMessage,
  ApiPresence,
  ApiReadMark,
  ApiRoom,
  ApiUnread,
} from "../../protocol/answers"
import type { Api } from "../api"
import { having, listOf } from "../shape"
import { path } from "./path"
import { NOTHING, type Rest } from "./rest"

export const ROOM = having<ApiRoom>("id", "type", "epoch", "head")
export const MESSAGE = having<ApiMessage>("id", "room_id", "seq", "changed_seq", "content")
const MEMBER = having<ApiMember>("user_id", "role", "changed_seq")
const BAN = having<ApiBan>("user_id", "until")
const INVITE = having<ApiInvite>("code", "room_id")
const PRESENCE = having<ApiPresence>("user_id", "status")
const READ_MARK = having<ApiReadMark>("user_id", "seq")
const CONVERSATION = having<ApiConversation>("id", "epoch", "head", "users")
const UNREAD = having<ApiUnread>("room_id", "unread", "last_read_seq")

export const createRoomsApi = (rest: Rest): Api["rooms"] => ({
  list: (query) => rest.page("/rooms", ROOM, query),
  get: (id) => rest.get(path`/rooms/${id}`, ROOM),
  create: (body) => rest.post("/rooms", ROOM, body),
  update: (id, body) => rest.patch(path`/rooms/${id}`, ROOM, body),
  remove: (id) => rest.delete(path`/rooms/${id}`, NOTHING),
  join: (id) => rest.post(path`/rooms/${id}/join`, ROOM),
  leave: (id) => rest.post(path`/rooms/${id}/leave`, NOTHING),
  presence: (id) => rest.get(path`/rooms/${id}/presence`, listOf(PRESENCE)),
  reads: (id) => rest.get(path`/rooms/${id}/reads`, listOf(READ_MARK)),
  members: (id, page) => rest.page(path`/rooms/${id}/members`, MEMBER, page),
  setMember: (id, userId, body = {}) =>
    rest.put(path`/rooms/${id}/members/${userId}`, MEMBER, body),
  removeMember: (id, userId) => rest.delete(path`/rooms/${id}/members/${userId}`, NOTHING),
  bans: (id, page) => rest.page(path`/rooms/${id}/bans`, BAN, page),
  ban: (id, userId, body = {}) => rest.put(path`/rooms/${id}/bans/${userId}`, BAN, body),
  unban: (id, userId) => rest.delete(path`/rooms/${id}/bans/${userId}`, NOTHING),
  mute: (id, userId, body = {}) => rest.put(path`/rooms/${id}/mutes/${userId}`, MEMBER, body),
  unmute: (id, userId) => rest.delete(path`/rooms/${id}/mutes/${userId}`, NOTHING),
  invites: (id, page) => rest.page(path`/rooms/${id}/invites`, INVITE, page),
  createInvite: (id, body = {}) => rest.post(path`/rooms/${id}/invites`, INVITE, body),
  removeInvite: (id, code) => rest.delete(path`/rooms/${id}/invites/${code}`, NOTHING),
  redeemInvite: (code) => rest.post(path`/invites/${code}`, ROOM),
  pins: (id, page) => rest.page(path`/rooms/${id}/pins`, MESSAGE, page),
})

export const createConversationsApi = (rest: Rest): Api["conversations"] => ({
  list: (page) => rest.page("/conversations", CONVERSATION, page),
  open: (userIds) => rest.post("/conversations", CONVERSATION, { user_ids: userIds }),
})

export const createUnreadApi = (rest: Rest): Api["unread"] => ({
  list: () => rest.get("/unread", listOf(UNREAD)),
})
