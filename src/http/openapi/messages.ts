import { MessageSchema } from "../../protocol/answers"
import { CLAIM, json, list, operations } from "./operation"

export const MESSAGES = operations({
  "POST /api/v1/rooms/:id/messages": {
    id: "sendMessage",
    tag: "messages",
    summary: "Send a message",
    description:
      "Answered when it is on the disk. In a public room the sender becomes a member; with `CHAT_TRUST_CLIENT_IDS` and without credentials, a room that nobody has made yet is made. With a `client_id` it may be sent again, however often: it is stored once. Pages that it links to are looked at afterwards (`CHAT_LINK_PREVIEWS`), and `message.updated` brings what they say. Counted per user (`CHAT_MAX_MESSAGES_PER_MIN`).",
    success: json(MessageSchema, "The message; `duplicate: true` where it had been sent before."),
    errors: ["room_not_found", "banned", "muted", "conflict"],
    example: { content: "Hello, world", client_id: "a-1" },
    fields: {
      type: "`system` is for moderators, owners and admins.",
      expires_at:
        "When the message is deleted by itself: ISO 8601, with a zone; at most 365 days ahead.",
      user_id:
        "Must be the caller's: their id, username or numeric id; another user's is `forbidden`. With `CHAT_TRUST_CLIENT_IDS` and without credentials, whose message it is.",
    },
  },
  "GET /api/v1/rooms/:id/messages": {
    id: "listMessages",
    tag: "messages",
    summary: "Read history",
    query: CLAIM,
    description:
      "All messages of the room, those of threads too. At most one of `before`, `after` and `around`; without any, the newest.",
    success: list(MessageSchema, "Oldest first."),
    errors: ["room_not_found", "banned"],
  },
  "GET /api/v1/messages/:id": {
    id: "getMessage",
    tag: "messages",
    summary: "Read one message",
    success: json(MessageSchema, "The message. A deleted one has no content."),
    errors: ["message_not_found", "banned"],
    fields: { id: "The message's id." },
  },
})
