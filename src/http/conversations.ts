import { Elysia } from "elysia"
import type { Conversations } from "../core/conversations"
import { asUserId } from "../protocol/ids"
import { presentConversation } from "../protocol/present"
import { ListQuery, OpenConversationBody } from "../protocol/requests"
import type { Authentication } from "./authenticate"
import { linkNextPage, readCursor } from "./paging"

export interface ConversationsRoutesDeps {
  readonly authentication: Authentication
  readonly conversations: Conversations
}

export function conversationsRoutes({ authentication, conversations }: ConversationsRoutesDeps) {
  return new Elysia({ prefix: "/conversations" })
    .use(authentication)
    .post(
      "/",
      async ({ actor, body }) => {
        const userIds = body.user_ids.map(asUserId)
        const found = await conversations.openConversation(actor, userIds)
        return presentConversation(found.room, found.userCount, found.people)
      },
      { body: OpenConversationBody },
    )
    .get(
      "/",
      async ({ actor, query, request, set }) => {
        const found = await conversations.listConversations(actor, {
          before: readCursor(query.cursor, Number.MAX_SAFE_INTEGER),
          limit: query.limit,
        })
        linkNextPage({ request, query, set }, found, (it) => it.room.numericId)
        return found.map(({ room, userCount, people }) =>
          presentConversation(room, userCount, people),
        )
      },
      { query: ListQuery.omit({ query: true }) },
    )
}
