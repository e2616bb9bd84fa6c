import { PairMessagesSchema, PairSchema } from "../../protocol/socketio-conversations-answers"
import { json, operations, page } from "./operation"

const USER = "With `CHAT_TRUST_CLIENT_IDS` and without credentials, who the caller is."

/** REST of `socketio-conversations`, whose clients know users and conversations by number. */
export const SOCKET_IO_CONVERSATIONS = operations({
  "POST /api/chats/conversations": {
    id: "openPair",
    tag: "rooms",
    summary: "Talk to somebody directly, by number",
    description:
      "There is one conversation for two people, made when one of them first asks for it. With `CHAT_TRUST_CLIENT_IDS` both are made on the fly, and no credentials are needed.",
    success: json(PairSchema, "The conversation, whoever of the two began it."),
    errors: ["user_not_found"],
    example: { sender_id: 1, receiver_id: 2 },
    fields: {
      sender_id: "The caller's own numeric id; another's is `forbidden`.",
      receiver_id: "The other's numeric id.",
    },
  },
  "GET /api/chats/conversations": {
    id: "listPairs",
    tag: "rooms",
    summary: "List my conversations of two",
    success: page(PairSchema, "Newest first."),
    fields: { userId: USER },
  },
  "GET /api/chats/conversations/:id/messages": {
    id: "listPairMessages",
    tag: "messages",
    summary: "Read a conversation in pages",
    description:
      "Only for the two. With `CHAT_TRUST_CLIENT_IDS` and no credentials, also without a name, where anybody could name one of the two.",
    success: json(PairMessagesSchema, "A page. What the server itself has said is on none."),
    errors: ["room_not_found"],
    fields: {
      id: "The conversation's number.",
      page: "Which page: 1 is the newest.",
      userId: USER,
    },
  },
})
