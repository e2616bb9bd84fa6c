import { MessageSchema } from "../../protocol/answers"
import { json, list, operations } from "./operation"

export const THREADS = operations({
  "GET /api/v1/messages/:id/thread": {
    id: "listThread",
    tag: "messages",
    summary: "Read a thread",
    description:
      "What was sent with this message as its `thread_id`, without the message itself; deleted ones keep their place, and are not counted in `thread_count`. Messages of threads stand in the room's history too, which has one order for all. At most one of `before` and `after`; without either, the newest.",
    success: list(MessageSchema, "Oldest first."),
    errors: ["message_not_found", "banned"],
    fields: { id: "The id of the message that the thread began with." },
  },
  "POST /api/v1/messages/:id/forward": {
    id: "forwardMessage",
    tag: "messages",
    summary: "Forward a message",
    description:
      "Says it again in another room, or in the same one, as a message of the caller's own: content, type, metadata and attachments are repeated, and `forwarded_from` names the message where it was said first. It mentions nobody. The caller must be able to read the one and to send to the other; it counts as a message sent. System messages are not forwarded, and deleted ones are not found.",
    success: json(
      MessageSchema,
      "The new message; `duplicate: true` where it had been sent before.",
    ),
    errors: ["message_not_found", "room_not_found", "banned", "muted", "conflict"],
    example: { room_id: "0199c2f0-0000-7000-8000-000000000001", client_id: "a-2" },
    fields: {
      id: "The message's id.",
      room_id: "Where it is said again.",
      client_id:
        "Chosen by the sender. The same again gives the first message back, even where what it repeats has changed since.",
    },
  },
})
