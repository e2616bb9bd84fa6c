/**
 * Who may do what, for every route and every command: what each of eight kinds of people is
 * answered about a thing of somebody else's. `sweep.test.ts` asks them all, and fails for a
 * route that stands neither here nor in the tables of rooms (`rights.ts`).
 */
import type { ErrorCode } from "../../src/protocol/errors"
import type { ClientFrame } from "../../src/protocol/socket-frames"

export const WHO = [
  "owner",
  "moderator",
  "member",
  "former",
  "stranger",
  "banned",
  "admin",
  "anonymous",
] as const
export type Who = (typeof WHO)[number]

export type Outcome = "ok" | ErrorCode
export type Outcomes = Readonly<Record<Who, Outcome>>

/** The rules of a room differ by its type, those of everything else do not. */
export interface RoomRule {
  readonly public: Outcomes
  readonly private: Outcomes
  readonly direct: Outcomes
}

const everyone = (outcome: Outcome): Outcomes => ({
  owner: outcome,
  moderator: outcome,
  member: outcome,
  former: outcome,
  stranger: outcome,
  banned: outcome,
  admin: outcome,
  anonymous: "unauthorized",
})

/** Needs no account at all. */
const open: Outcomes = { ...everyone("ok"), anonymous: "ok" }

/** Every user, for themselves. */
const own = everyone("ok")

/** Belongs to the owner, and is hidden from all others. */
const hidden = (code: ErrorCode): Outcomes => ({ ...everyone(code), owner: "ok" })

const onlyAdmins: Outcomes = { ...everyone("forbidden"), admin: "ok" }

const members: Outcomes = {
  ...everyone("room_not_found"),
  owner: "ok",
  moderator: "ok",
  member: "ok",
}

/** In conversations there are two: owner and member stand for them, the others are strangers. */
const conversation = (outcome: Outcome): Outcomes => ({
  ...everyone("room_not_found"),
  owner: outcome,
  member: outcome,
})

const reading: RoomRule = {
  public: { ...everyone("ok"), banned: "banned" },
  private: members,
  direct: conversation("ok"),
}

/** What a message there shows: as its messages, but nobody learns that there is such a file. */
const seeing: RoomRule = {
  public: { ...everyone("ok"), banned: "upload_not_found" },
  private: { ...everyone("upload_not_found"), ...pick(members) },
  direct: { ...everyone("upload_not_found"), owner: "ok", member: "ok" },
}

const asMember: RoomRule = {
  public: { ...everyone("room_not_found"), ...pick(members), banned: "banned" },
  private: members,
  direct: conversation("ok"),
}

/** A message that one may not know of is not there, whatever hides it. */
const readingOne: RoomRule = {
  public: reading.public,
  private: { ...everyone("message_not_found"), ...pick(members) },
  direct: { ...everyone("message_not_found"), owner: "ok", member: "ok" },
}

function pick({ owner, moderator, member }: Outcomes) {
  return { owner, moderator, member }
}

type Some = Partial<Outcomes>

const hiddenTo = (some: Some): Outcomes => ({ ...everyone("message_not_found"), ...some })

/** Those of whom nothing is said know of it where the room is public, and may not. */
const ofMessage = (
  some: Pick<Outcomes, "owner" | "moderator" | "member">,
  admin?: Outcome,
): RoomRule => {
  const ofAdmin = admin === undefined ? {} : { admin }
  return {
    public: { ...everyone("forbidden"), banned: "banned", ...some, ...ofAdmin },
    private: { ...hiddenTo(some), ...ofAdmin },
    direct: hiddenTo({ owner: some.owner, member: some.member }),
  }
}

const reacting = ofMessage({ owner: "ok", moderator: "ok", member: "ok" })

const pinning: RoomRule = {
  ...ofMessage({ owner: "ok", moderator: "ok", member: "forbidden" }, "ok"),
  direct: hiddenTo({ owner: "forbidden", member: "forbidden" }),
}

export type Rule =
  | { readonly about: "room"; readonly outcomes: RoomRule; readonly body?: unknown }
  /** About no room: what each is answered, wherever they stand in one. */
  | { readonly about: "server"; readonly outcomes: Outcomes; readonly body?: unknown }

const room = (outcomes: RoomRule, body?: unknown): Rule => ({ about: "room", outcomes, body })
const server = (outcomes: Outcomes, body?: unknown): Rule => ({ about: "server", outcomes, body })

/** In place of a body: a form with a file. */
export const FILE_FORM = "a form with a file"

/** All routes but those that `rights.ts` asks, and finer; `:id` is the owner's. */
export const ROUTES: Readonly<Record<string, Rule>> = {
  "GET /health": server(open),
  "GET /ready": server(open),
  // In production by a key, or from this machine (tests/ops).
  "GET /metrics": server(open),
  "GET /websocket/health": server(open),
  "GET /websocket/stats": server(open),
  "GET /swagger": server(open),
  "GET /swagger/json": server(open),
  "GET /swagger/assets/:file": server(open),
  "GET /asyncapi.json": server(open),
  "GET /": server(open),
  "GET /playground": server(open),
  "GET /favicon.svg": server(open),
  "GET /manifest.webmanifest": server(open),
  // There is none of that name, for anybody.
  "GET /assets/:file": server({ ...everyone("not_found"), anonymous: "not_found" }),

  // By the internal key, and by nothing that a user may have (tests/http/gateway-events).
  "POST /send-system-message": server(everyone("unauthorized"), {
    roomId: "room123",
    message: "hello",
  }),
  "GET /stats": server(everyone("unauthorized")),

  "POST /api/v1/auth/register": server(open, { username: "<fresh>", password: "correct horse" }),
  "POST /api/v1/auth/login": server(open, { username: "owner", password: "correct horse" }),
  "POST /api/v1/auth/refresh": server(open, { refresh_token: "<fresh>" }),
  "POST /api/v1/auth/logout": server(own),
  "GET /api/v1/auth/sessions": server(own),
  "DELETE /api/v1/auth/sessions/:id": server(hidden("not_found")),
  "POST /api/v1/auth/password": server(own, {
    current_password: "correct horse",
    new_password: "correct horse",
  }),
  "POST /api/v1/auth/keys": server(own, { name: "bot" }),
  "GET /api/v1/auth/keys": server(own),
  "DELETE /api/v1/auth/keys/:id": server(hidden("not_found")),

  "GET /api/v1/users": server(own),
  "POST /api/v1/users": server(onlyAdmins, { username: "<fresh>" }),
  "GET /api/v1/users/me": server(own),
  "PATCH /api/v1/users/me": server(own, { display_name: "New" }),
  "DELETE /api/v1/users/me": server(own),
  "GET /api/v1/users/me/blocks": server(own),
  "GET /api/v1/users/:id": server(own),
  "PUT /api/v1/users/:id/block": server({ ...own, owner: "invalid_request" }),
  "DELETE /api/v1/users/:id/block": server({ ...own, owner: "invalid_request" }),

  "POST /api/v1/rooms": server(own, { name: "mine" }),
  "GET /api/v1/rooms": server(own),
  "POST /api/v1/invites/:code": room({
    public: { ...everyone("ok"), banned: "banned" },
    private: { ...everyone("ok"), banned: "banned" },
    direct: everyone("invite_not_found"),
  }),

  "POST /api/v1/uploads": server(own, FILE_FORM),
  "GET /api/v1/uploads/:id": room(seeing),
  "GET /api/v1/uploads/:id/thumbnail": room(seeing),
  // A message shows it.
  "DELETE /api/v1/uploads/:id": server({ ...everyone("upload_not_found"), owner: "conflict" }),

  "POST /api/v1/conversations": server(own, { user_ids: ["<other>"] }),
  "GET /api/v1/conversations": server(own),

  "POST /api/chats/conversations": server(own, { sender_id: "<me>", receiver_id: "<number>" }),
  "GET /api/chats/conversations": server(own),
  "GET /api/chats/conversations/:id/messages": room({
    public: everyone("room_not_found"),
    private: everyone("room_not_found"),
    direct: conversation("ok"),
  }),

  "GET /api/v1/messages/:id/thread": room(readingOne),
  "POST /api/v1/messages/:id/forward": room(readingOne, { room_id: "<room>" }),

  "GET /api/v1/rooms/:id/reads": room(asMember),
  // Scheduling one is asked by `rights.ts`, as sending.
  "GET /api/v1/scheduled": server(own),
  "GET /api/v1/scheduled/:id": server(hidden("not_found")),
  "PATCH /api/v1/scheduled/:id": server(hidden("not_found"), { content: "something else" }),
  "DELETE /api/v1/scheduled/:id": server(hidden("not_found")),

  "GET /api/v1/unread": server(own),

  "GET /api/v1/server": server(open),
  "GET /api/v1/admin/stats": server(onlyAdmins),
  "GET /api/v1/admin/users": server(onlyAdmins),
  "GET /api/v1/admin/rooms": server(onlyAdmins),
  // Of the owner.
  "PUT /api/v1/admin/users/:id/disabled": server(onlyAdmins),
  "DELETE /api/v1/admin/users/:id/disabled": server(onlyAdmins),
}

/** Routes that are no REST: a socket is opened there, and the commands below are its own. */
export const SOCKETS: readonly string[] = [
  // A connection as the others; who may open it is asked in tests/sockets/event-stream.
  "GET /api/v1/events",
  "GET /api/v1/ws",
  "GET /api/v1/ws/:room_id/:user_id",
  "GET /chat/ws",
  "GET /ws",
  "GET /ws/chat",
  "ALL /socket.io",
]

/** What a command says about the room, and what each is answered. Null: about no room. */
export const COMMANDS: Readonly<
  Record<ClientFrame["type"], { readonly data: unknown; readonly outcomes: RoomRule | null }>
> = {
  auth: { data: { token: "<own>" }, outcomes: null },
  subscribe: { data: { rooms: [{ room_id: "<room>" }] }, outcomes: reading },
  unsubscribe: { data: { room_ids: ["<room>"] }, outcomes: null },
  "message.send": { data: { room_id: "<room>", content: "hello" }, outcomes: reading },
  "message.forward": {
    data: { message_id: "<message>", room_id: "<room>" },
    outcomes: readingOne,
  },
  // Of the owner's message.
  "message.edit": {
    data: { message_id: "<message>", content: "hello again" },
    outcomes: ofMessage({ owner: "ok", moderator: "forbidden", member: "forbidden" }),
  },
  "message.delete": {
    data: { message_id: "<message>" },
    outcomes: {
      ...ofMessage({ owner: "ok", moderator: "ok", member: "forbidden" }, "ok"),
      direct: hiddenTo({ owner: "ok", member: "forbidden" }),
    },
  },
  "reaction.add": { data: { message_id: "<message>", emoji: "👍" }, outcomes: reacting },
  "reaction.remove": { data: { message_id: "<message>", emoji: "👍" }, outcomes: reacting },
  "message.pin": { data: { message_id: "<message>" }, outcomes: pinning },
  "message.unpin": { data: { message_id: "<message>" }, outcomes: pinning },
  history: { data: { room_id: "<room>" }, outcomes: reading },
  typing: { data: { room_id: "<room>", is_typing: true }, outcomes: reading },
  read: { data: { room_id: "<room>", seq: 1 }, outcomes: asMember },
  presence: { data: { status: "away" }, outcomes: null },
  ping: { data: {}, outcomes: null },
}
