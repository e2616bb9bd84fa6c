import { MessageSchema, MessageVersionSchema } from "../../protocol/answers"
import { json, operations, page } from "./operation"

const CHANGED = json(MessageSchema, "The message as it is now, whether or not it was so before.")

/** All that a user changes counts together. */
const RATE = "Counted per user, with all other changes of messages (`CHAT_MAX_TYPING_PER_MIN`)."

const MESSAGE_ID = { id: "The message's id." }

export const MESSAGE_CHANGES = operations({
  "PATCH /api/v1/messages/:id": {
    id: "editMessage",
    tag: "messages",
    summary: "Edit one's own message",
    description: `As strict as sending. What is left out stays. A forwarded message stays as it was said: \`forbidden\`. ${RATE}`,
    success: CHANGED,
    errors: ["message_not_found", "banned", "muted"],
    example: { content: "Hello, whole world" },
    fields: { ...MESSAGE_ID, metadata: "The sender's own JSON; null takes it away." },
  },
  "DELETE /api/v1/messages/:id": {
    id: "deleteMessage",
    tag: "messages",
    summary: "Delete a message",
    description: `One's own; for moderators, owners and admins anybody's, but in conversations. It keeps its place, without content. ${RATE}`,
    success: json(MessageSchema, "What is left of the message."),
    errors: ["message_not_found", "banned"],
    fields: MESSAGE_ID,
  },
  "GET /api/v1/messages/:id/history": {
    id: "listMessageVersions",
    tag: "messages",
    summary: "Read what a message said before",
    description: "For all who may read the message. Nothing is left of a deleted one.",
    success: page(MessageVersionSchema, "One for each edit, newest first."),
    errors: ["message_not_found", "banned"],
    fields: MESSAGE_ID,
  },
  "PUT /api/v1/messages/:id/reactions/:emoji": {
    id: "addReaction",
    tag: "messages",
    summary: "React to a message",
    description: `With each emoji once. For members who may speak: reacting makes no member. ${RATE}`,
    success: CHANGED,
    errors: ["message_not_found", "banned", "muted", "conflict"],
    fields: MESSAGE_ID,
  },
  "DELETE /api/v1/messages/:id/reactions/:emoji": {
    id: "removeReaction",
    tag: "messages",
    summary: "Take one's own reaction back",
    description: RATE,
    success: CHANGED,
    errors: ["message_not_found", "banned", "muted"],
    fields: MESSAGE_ID,
  },
  "PUT /api/v1/messages/:id/pin": {
    id: "pinMessage",
    tag: "messages",
    summary: "Pin a message",
    description: `For moderators, owners and admins; not in conversations. A room has at most 100. ${RATE}`,
    success: CHANGED,
    errors: ["message_not_found", "banned", "conflict"],
    fields: MESSAGE_ID,
  },
  "DELETE /api/v1/messages/:id/pin": {
    id: "unpinMessage",
    tag: "messages",
    summary: "Unpin a message",
    description: `For moderators, owners and admins. ${RATE}`,
    success: CHANGED,
    errors: ["message_not_found", "banned"],
    fields: MESSAGE_ID,
  },
  "GET /api/v1/rooms/:id/pins": {
    id: "listPins",
    tag: "messages",
    summary: "List the pinned messages of a room",
    success: page(MessageSchema, "What was pinned last first."),
    errors: ["room_not_found", "banned"],
  },
})
