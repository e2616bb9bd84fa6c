import { ConversationSchema } from "../../protocol/answers"
import { json, operations, page } from "./operation"

export const CONVERSATIONS = operations({
  "POST /api/v1/conversations": {
    id: "openConversation",
    tag: "rooms",
    summary: "Talk to somebody directly",
    description:
      "There is one conversation for each set of people, made when it is first asked for.",
    success: json(ConversationSchema, "The conversation: a room of the type `direct`."),
    errors: ["user_not_found"],
    example: { user_ids: ["0199c2f0-0000-7000-8000-00000000000b"] },
  },
  "GET /api/v1/conversations": {
    id: "listConversations",
    tag: "rooms",
    summary: "List my conversations",
    success: page(ConversationSchema, "Newest first."),
  },
})
