import { RoomSchema } from "../../protocol/answers"
import { AdminUserSchema, ServerStatsSchema } from "../../protocol/server-answers"
import { json, operations, page } from "./operation"

export const ADMIN = operations({
  "GET /api/v1/admin/stats": {
    id: "readStats",
    tag: "admin",
    summary: "How the server is doing",
    description: "Of the node that answers, where there are many. `/metrics` tells more.",
    success: json(ServerStatsSchema, "A few figures."),
    errors: ["forbidden"],
  },
  "GET /api/v1/admin/users": {
    id: "listAccounts",
    tag: "admin",
    summary: "List accounts",
    description: "Those that are disabled, too.",
    success: page(AdminUserSchema, "Newest first."),
    errors: ["forbidden"],
    fields: { query: "What the username, the display name or the e-mail address holds." },
  },
  "PUT /api/v1/admin/users/:id/disabled": {
    id: "disableAccount",
    tag: "admin",
    summary: "Disable an account",
    description:
      "Its sockets close, and its log-ins, sessions and keys are refused for as long as it lasts. Nobody can do so to themselves.",
    success: json(AdminUserSchema, "The account, disabled."),
    errors: ["forbidden", "user_not_found"],
    fields: { id: "The user's id." },
  },
  "DELETE /api/v1/admin/users/:id/disabled": {
    id: "enableAccount",
    tag: "admin",
    summary: "Enable an account again",
    success: json(
      AdminUserSchema,
      "The account. What of it has not ended meanwhile is good again.",
    ),
    errors: ["forbidden", "user_not_found"],
    fields: { id: "The user's id." },
  },
  "GET /api/v1/admin/rooms": {
    id: "listAllRooms",
    tag: "admin",
    summary: "List all rooms",
    description: "Private ones, too; conversations never.",
    success: page(RoomSchema, "Newest first."),
    errors: ["forbidden"],
    fields: { query: "What the room's name holds." },
  },
})
