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
} from "../protocol/answers"
import type { Api } from "./api"
import { path } from "./path"
import type { Rest } from "./rest"
import { having, listOf } from "./shape"

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
  create: (body) => rest.change({ method: "POST", path: "/rooms", body }, ROOM),
  update: (id, body) => rest.change({ method: "PATCH", path: path`/rooms/${id}`, body }, ROOM),
  remove: (id) => rest.perform({ method: "DELETE", path: path`/rooms/${id}` }),
  join: (id) => rest.change({ method: "POST", path: path`/rooms/${id}/join` }, ROOM),
  leave: (id) => rest.perform({ method: "POST", path: path`/rooms/${id}/leave` }),
  presence: (id) => rest.get(path`/rooms/${id}/presence`, listOf(PRESENCE)),
  reads: (id) => rest.get(path`/rooms/${id}/reads`, listOf(READ_MARK)),
  members: (id, page) => rest.page(path`/rooms/${id}/members`, MEMBER, page),
  setMember: (id, userId, body = {}) =>
    rest.change({ method: "PUT", path: path`/rooms/${id}/members/${userId}`, body }, MEMBER),
  removeMember: (id, userId) =>
    rest.perform({ method: "DELETE", path: path`/rooms/${id}/members/${userId}` }),
  bans: (id, page) => rest.page(path`/rooms/${id}/bans`, BAN, page),
  ban: (id, userId, body = {}) =>
    rest.change({ method: "PUT", path: path`/rooms/${id}/bans/${userId}`, body }, BAN),
  unban: (id, userId) =>
    rest.perform({ method: "DELETE", path: path`/rooms/${id}/bans/${userId}` }),
  mute: (id, userId, body = {}) =>
    rest.change({ method: "PUT", path: path`/rooms/${id}/mutes/${userId}`, body }, MEMBER),
  unmute: (id, userId) =>
    rest.perform({ method: "DELETE", path: path`/rooms/${id}/mutes/${userId}` }),
  invites: (id, page) => rest.page(path`/rooms/${id}/invites`, INVITE, page),
  createInvite: (id, body = {}) =>
    rest.change({ method: "POST", path: path`/rooms/${id}/invites`, body }, INVITE),
  removeInvite: (id, code) =>
    rest.perform({ method: "DELETE", path: path`/rooms/${id}/invites/${code}` }),
  redeemInvite: (code) => rest.change({ method: "POST", path: path`/invites/${code}` }, ROOM),
  pins: (id, page) => rest.page(path`/rooms/${id}/pins`, MESSAGE, page),
})

export const createConversationsApi = (rest: Rest): Api["conversations"] => ({
  list: (page) => rest.page("/conversations", CONVERSATION, page),
  open: (userIds) =>
    rest.change(
      { method: "POST", path: "/conversations", body: { user_ids: userIds } },
      CONVERSATION,
    ),
})

export const createUnreadApi = (rest: Rest): Api["unread"] => ({
  list: () => rest.get("/unread", listOf(UNREAD)),
})
