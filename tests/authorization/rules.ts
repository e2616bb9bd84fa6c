/**
 * Who may do what, for every route and every command: what each of eight kinds of people is
 * answered about a thing of somebody else's. `sweep.test.ts` asks them all, and fails for a
 * route that stands in no table here.
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

const asMember: RoomRule = {
  public: { ...everyone("room_not_found"), ...pick(members), banned: "banned" },
  private: members,
  direct: conversation("ok"),
}

/** Running a room: strangers may know of a public one, and of a private one they may not. */
const running = (may: readonly Who[]): RoomRule => {
  const forbidden = (all: Outcomes): Outcomes => ({
    ...all,
    owner: "forbidden",
    moderator: "forbidden",
    member: "forbidden",
    admin: "forbidden",
    ...Object.fromEntries([...may, "admin"].map((who) => [who, "ok"])),
  })
  return {
    public: forbidden(everyone("forbidden")),
    private: forbidden(everyone("room_not_found")),
    // Nobody runs a conversation.
    direct: conversation("forbidden"),
  }
}

const owners = running(["owner"])
const moderators = running(["owner", "moderator"])

function pick({ owner, moderator, member }: Outcomes) {
  return { owner, moderator, member }
}

export type Rule =
  | { readonly about: "room"; readonly outcomes: RoomRule; readonly body?: unknown }
  /** About no room: what each is answered, wherever they stand in one. */
  | { readonly about: "server"; readonly outcomes: Outcomes; readonly body?: unknown }

const room = (outcomes: RoomRule, body?: unknown): Rule => ({ about: "room", outcomes, body })
const server = (outcomes: Outcomes, body?: unknown): Rule => ({ about: "server", outcomes, body })

const message = (rule: RoomRule): RoomRule => {
  const hide = (outcomes: Outcomes): Outcomes =>
    Object.fromEntries(
      Object.entries(outcomes).map(([who, it]) => [
        who,
        it === "room_not_found" ? "message_not_found" : it,
      ]),
      // Every key of what was given is there again.
    ) as unknown as Outcomes
  return { public: hide(rule.public), private: hide(rule.private), direct: hide(rule.direct) }
}

/** `:id` of a room is the room, of anything else the owner's; `:user` is a plain member. */
export const ROUTES: Readonly<Record<string, Rule>> = {
  "GET /health": server(open),
  "GET /ready": server(open),
  // In production by a key, or from this machine (tests/ops).
  "GET /metrics": server(open),
  "GET /swagger": server(open),
  "GET /swagger/json": server(open),
  "GET /swagger/assets/:file": server(open),
  "GET /asyncapi.json": server(open),

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
  "GET /api/v1/rooms/:id": room(reading),
  "PATCH /api/v1/rooms/:id": room(owners, { topic: "new" }),
  "DELETE /api/v1/rooms/:id": room(owners),
  "POST /api/v1/rooms/:id/join": room(reading),
  "POST /api/v1/rooms/:id/leave": room({ ...asMember, direct: conversation("forbidden") }),
  "GET /api/v1/rooms/:id/members": room(reading),
  "PUT /api/v1/rooms/:id/members/:user": room(owners, { role: "moderator" }),
  "DELETE /api/v1/rooms/:id/members/:user": room(moderators),
  "GET /api/v1/rooms/:id/bans": room(moderators),
  "PUT /api/v1/rooms/:id/bans/:user": room(moderators),
  "DELETE /api/v1/rooms/:id/bans/:user": room(moderators),
  "PUT /api/v1/rooms/:id/mutes/:user": room(moderators),
  "DELETE /api/v1/rooms/:id/mutes/:user": room(moderators),
  "POST /api/v1/rooms/:id/invites": room(moderators),
  "GET /api/v1/rooms/:id/invites": room(moderators),
  "DELETE /api/v1/rooms/:id/invites/:code": room(moderators),
  "POST /api/v1/invites/:code": room({
    public: { ...everyone("ok"), banned: "banned" },
    private: { ...everyone("ok"), banned: "banned" },
    direct: everyone("invite_not_found"),
  }),

  "POST /api/v1/conversations": server(own, { user_ids: ["<other>"] }),
  "GET /api/v1/conversations": server(own),

  "POST /api/v1/rooms/:id/messages": room(reading, { content: "hello" }),
  "GET /api/v1/rooms/:id/messages": room(reading),
  "GET /api/v1/messages/:id": room(message(reading)),

  "GET /api/v1/rooms/:id/changes": room(reading),
  "PUT /api/v1/rooms/:id/read": room(asMember, { seq: 1 }),
  "GET /api/v1/unread": server(own),
}

/** Routes that are no REST: a socket is opened there, and the commands below are its own. */
export const SOCKETS: readonly string[] = ["GET /api/v1/ws"]

/** What a command says about the room, and what each is answered. Null: about no room. */
export const COMMANDS: Readonly<
  Record<ClientFrame["type"], { readonly data: unknown; readonly outcomes: RoomRule | null }>
> = {
  auth: { data: { token: "<own>" }, outcomes: null },
  subscribe: { data: { rooms: [{ room_id: "<room>" }] }, outcomes: reading },
  unsubscribe: { data: { room_ids: ["<room>"] }, outcomes: null },
  "message.send": { data: { room_id: "<room>", content: "hello" }, outcomes: reading },
  history: { data: { room_id: "<room>" }, outcomes: reading },
  typing: { data: { room_id: "<room>", is_typing: true }, outcomes: reading },
  read: { data: { room_id: "<room>", seq: 1 }, outcomes: asMember },
  presence: { data: { status: "away" }, outcomes: null },
  ping: { data: {}, outcomes: null },
}
