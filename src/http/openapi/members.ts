import { MemberSchema, PresenceSchema, RoomSchema } from "../../protocol/answers"
import { empty, json, list, operations, page } from "./operation"

export const MEMBERS = operations({
  "POST /api/v1/rooms/:id/join": {
    id: "joinRoom",
    tag: "members",
    summary: "Become a member",
    description:
      "Of a public room. Who is a member already stays one. Counted per user (`CHAT_MAX_JOINS_PER_MIN`).",
    success: json(RoomSchema, "The room."),
    errors: ["room_not_found", "banned", "conflict"],
  },
  "POST /api/v1/rooms/:id/leave": {
    id: "leaveRoom",
    tag: "members",
    summary: "Be a member no longer",
    description:
      "When the last owner goes, the moderator, else the member, of longest standing becomes the owner.",
    success: empty("The caller is no member."),
    errors: ["room_not_found", "banned", "conflict"],
  },
  "GET /api/v1/rooms/:id/members": {
    id: "listMembers",
    tag: "members",
    summary: "List the members of a room",
    success: page(MemberSchema, "Members, in the order of their accounts."),
    errors: ["room_not_found", "banned"],
  },
  "GET /api/v1/rooms/:id/presence": {
    id: "listPresence",
    tag: "members",
    summary: "List the members of a room who are online",
    description:
      "On any connection, whatever rooms it hears. Where the `presence` events of the room go on from: subscribe first, then ask. At most 500: of more, those with the oldest accounts.",
    success: list(PresenceSchema, "Members who are online, in the order of their accounts."),
    errors: ["room_not_found", "banned"],
  },
  "PUT /api/v1/rooms/:id/members/:user": {
    id: "putMember",
    tag: "members",
    summary: "Add a member, or give one a role",
    description:
      "Adding takes a moderator, or in a room that lets members invite, a member. Roles are the owner's to give.",
    success: json(MemberSchema, "The member as it is now."),
    errors: ["room_not_found", "user_not_found", "conflict", "room_limit"],
    example: { role: "moderator" },
  },
  "DELETE /api/v1/rooms/:id/members/:user": {
    id: "removeMember",
    tag: "members",
    summary: "Remove a member",
    description: "For those who stand above them. Their sockets hear no more of the room at once.",
    success: empty("They are no member."),
    errors: ["room_not_found", "user_not_found", "conflict"],
  },
})
