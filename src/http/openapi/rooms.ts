import { RoomSchema } from "../../protocol/answers"
import { CLAIM, empty, json, operations, page } from "./operation"

export const ROOMS = operations({
  "POST /api/v1/rooms": {
    id: "createRoom",
    tag: "rooms",
    summary: "Make a room",
    description:
      "Its maker becomes its owner and first member. To choose its `id` takes an admin or a key with the scope `rooms`. With `CHAT_TRUST_CLIENT_IDS` and without credentials it is public and nobody's: it has no owner.",
    success: json(RoomSchema, "The room."),
    errors: ["conflict", "room_limit"],
    example: { name: "general", type: "public", topic: "Anything goes" },
    fields: { id: "The room's id; without it, one is made. An id is never used twice." },
  },
  "GET /api/v1/rooms": {
    id: "listRooms",
    tag: "rooms",
    summary: "List rooms",
    success: page(
      RoomSchema,
      "Public rooms and the caller's own, newest first; never direct ones.",
    ),
    query: CLAIM,
    fields: { query: "Part of a name.", type: "Only rooms of this type." },
  },
  "GET /api/v1/rooms/:id": {
    id: "getRoom",
    tag: "rooms",
    summary: "Read one room",
    query: CLAIM,
    success: json(RoomSchema, "The room."),
    errors: ["room_not_found", "banned"],
  },
  "PATCH /api/v1/rooms/:id": {
    id: "updateRoom",
    tag: "rooms",
    summary: "Change a room",
    description:
      "For its owner and admins. What is left out stays. A room that turns private is no longer heard by those who are no members.",
    success: json(RoomSchema, "The room as it is now."),
    errors: ["room_not_found", "conflict"],
    example: { topic: "Only the weather" },
  },
  "DELETE /api/v1/rooms/:id": {
    id: "deleteRoom",
    tag: "rooms",
    summary: "Delete a room",
    description: "For its owner and admins.",
    success: empty("The room is no more."),
    errors: ["room_not_found", "conflict"],
  },
})
