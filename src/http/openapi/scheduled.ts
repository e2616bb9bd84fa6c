import { ScheduledMessageSchema } from "../../protocol/answers"
import { empty, json, operations, page } from "./operation"

const SCHEDULED_ID = "The id that it has until it is sent."

export const SCHEDULED = operations({
  "POST /api/v1/rooms/:id/scheduled": {
    id: "scheduleMessage",
    tag: "messages",
    summary: "Send a message later",
    description:
      "Examined as if it were sent now, and again when it is due, by the rights of then. It counts as a send now, and not when it is sent. Until then nobody else knows of it; then it is a message like any other. It is sent once, also where the server was away at the time: then as soon as it is back. With a `client_id` it may be scheduled again, and the message has it.",
    success: json(ScheduledMessageSchema, "What is to be sent."),
    errors: ["room_not_found", "banned", "muted", "conflict"],
    example: { content: "Good evening", send_at: "2026-01-02T20:00:00.000Z" },
    fields: {
      type: "`system` is for moderators, owners and admins.",
      expires_at: "When the message is deleted by itself; later than `send_at`.",
    },
  },
  "GET /api/v1/scheduled": {
    id: "listScheduled",
    tag: "messages",
    summary: "List what I am to send",
    success: page(ScheduledMessageSchema, "Soonest first; with those that could not be sent."),
  },
  "GET /api/v1/scheduled/:id": {
    id: "getScheduled",
    tag: "messages",
    summary: "Read one scheduled message",
    success: json(ScheduledMessageSchema, "What is to be sent."),
    errors: ["not_found"],
    fields: { id: SCHEDULED_ID },
  },
  "PATCH /api/v1/scheduled/:id": {
    id: "updateScheduled",
    tag: "messages",
    summary: "Change what is sent, or when",
    description: "One that could not be sent waits again, with a `send_at` to come.",
    success: json(ScheduledMessageSchema, "What is to be sent."),
    errors: ["not_found", "room_not_found", "banned", "muted"],
    example: { send_at: "2026-01-02T21:00:00.000Z" },
    fields: { id: SCHEDULED_ID },
  },
  "DELETE /api/v1/scheduled/:id": {
    id: "deleteScheduled",
    tag: "messages",
    summary: "Do not send it after all",
    success: empty("It is not sent."),
    errors: ["not_found"],
    fields: { id: SCHEDULED_ID },
  },
})
