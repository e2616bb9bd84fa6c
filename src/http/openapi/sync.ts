import { ChangesSchema, ReadMarkSchema, UnreadSchema } from "../../protocol/answers"
import { empty, json, list, operations } from "./operation"

export const SYNC = operations({
  "GET /api/v1/events": {
    id: "streamEvents",
    tag: "sync",
    summary: "Hear all my rooms by Server-Sent Events",
    description:
      "For clients without WebSocket: what a socket with `subscribe {all: true}` is told, each event's `data` a frame of the channel `events` in `/asyncapi.json`. The `id` of an event is a cursor: sent as `Last-Event-ID` or `cursor` it goes on from there. The stream ends with the event `closed`. Counted as a connection.",
    success: {
      status: 200,
      means: "A stream that does not end by itself.",
      mime: "text/event-stream",
      headers: { "X-Accel-Buffering": "`no`: proxies are to pass it on as it comes." },
    },
    fields: {
      cursor:
        "The last `id` that was seen. The header `Last-Event-ID` counts before it; without either, the stream begins now.",
    },
  },
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
  "GET /api/v1/rooms/:id/reads": {
    id: "listReads",
    tag: "sync",
    summary: "How far each member has read",
    description:
      "For members, in rooms of at most 100; in larger ones it is a `conflict`. From there on, marks that move are told as `read` over the WebSocket.",
    success: list(ReadMarkSchema, "One entry for each member, the caller too."),
    errors: ["room_not_found", "banned", "conflict"],
  },
  "GET /api/v1/unread": {
    id: "listUnread",
    tag: "sync",
    summary: "What is unread, in all my rooms",
    description:
      "Messages after the read mark, as they are now: neither one's own nor deleted ones are unread. More than 1,000 of a room are not counted, nor are more than 1,000 mentions.",
    success: list(UnreadSchema, "One entry for each room."),
  },
})
