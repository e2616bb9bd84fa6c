import { BanSchema, InviteSchema, MemberSchema, RoomSchema } from "../../protocol/answers"
import { empty, json, operations, page } from "./operation"

const SANCTION = { until: "2027-01-01T00:00:00Z", reason: "Advertising" }

export const MODERATION = operations({
  "GET /api/v1/rooms/:id/bans": {
    id: "listBans",
    tag: "members",
    summary: "List who is banned",
    description: "For moderators.",
    success: page(BanSchema, "Newest accounts first."),
    errors: ["room_not_found"],
  },
  "PUT /api/v1/rooms/:id/bans/:user": {
    id: "banUser",
    tag: "members",
    summary: "Ban somebody from a room",
    description: "For those who stand above them. A member is removed, and hears no more at once.",
    success: json(BanSchema, "The ban."),
    errors: ["room_not_found", "user_not_found", "conflict"],
    example: SANCTION,
  },
  "DELETE /api/v1/rooms/:id/bans/:user": {
    id: "unbanUser",
    tag: "members",
    summary: "Lift a ban",
    success: empty("They are not banned."),
    errors: ["room_not_found", "user_not_found"],
  },
  "PUT /api/v1/rooms/:id/mutes/:user": {
    id: "muteUser",
    tag: "members",
    summary: "Mute a member",
    description: "For those who stand above them. A muted member reads and hears, and cannot send.",
    success: json(MemberSchema, "The member as it is now."),
    errors: ["room_not_found", "user_not_found", "conflict"],
    example: SANCTION,
  },
  "DELETE /api/v1/rooms/:id/mutes/:user": {
    id: "unmuteUser",
    tag: "members",
    summary: "Lift a mute",
    success: empty("They are not muted."),
    errors: ["room_not_found", "user_not_found", "conflict"],
  },
  "POST /api/v1/rooms/:id/invites": {
    id: "createInvite",
    tag: "members",
    summary: "Make an invite",
    description: "For moderators, and in a room that lets members invite, for members.",
    success: json(InviteSchema, "The invite; its `code` is what one hands on."),
    errors: ["room_not_found", "conflict"],
    example: { max_uses: 10 },
    fields: { expires_at: "When it ends: ISO 8601, with a zone; without it, never." },
  },
  "GET /api/v1/rooms/:id/invites": {
    id: "listInvites",
    tag: "members",
    summary: "List the invites of a room",
    description: "For moderators.",
    success: page(InviteSchema, "Those that still hold, newest first."),
    errors: ["room_not_found"],
  },
  "DELETE /api/v1/rooms/:id/invites/:code": {
    id: "revokeInvite",
    tag: "members",
    summary: "Take an invite back",
    description: "For moderators.",
    success: empty("The invite is worth nothing."),
    errors: ["room_not_found", "invite_not_found"],
  },
  "POST /api/v1/invites/:code": {
    id: "acceptInvite",
    tag: "members",
    summary: "Come into a room by an invite",
    success: json(RoomSchema, "The room, of which the caller is a member."),
    errors: ["invite_not_found", "banned", "conflict"],
  },
})
