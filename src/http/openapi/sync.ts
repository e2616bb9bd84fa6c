import { ChangesSchema, UnreadSchema } from "../../protocol/answers"
import { empty, json, list, operations } from "./operation"

export const SYNC = operations({
  "GET /api/v1/rooms/:id/changes": {
    id: "readChanges",
    tag: "sync",
    summary: "Catch up with a room",
    description:
      "With `epoch` and `since`: what changed after that seq, each thing once, as it is now. `recovered: false` says that the client must forget what it has and start from this answer.",
    success: json(
      ChangesSchema,
      "What changed, up to `until`; `more: true`: ask again from there.",
    ),
    errors: ["room_not_found", "banned"],
  },
  "PUT /api/v1/rooms/:id/read": {
    id: "markRead",
    tag: "sync",
    summary: "Move my read mark",
    description: "Forward only; an earlier seq changes nothing.",
    success: empty("The mark is there, or further on."),
    errors: ["room_not_found", "banned"],
    example: { seq: 3 },
    fields: { seq: "The last seq that was read, at most the room's head." },
  },
  "GET /api/v1/unread": {
    id: "listUnread",
    tag: "sync",
    summary: "What is unread, in all my rooms",
    success: list(UnreadSchema, "One entry for each room. Own messages are never unread."),
  },
})
