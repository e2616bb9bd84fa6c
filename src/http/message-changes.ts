import { Elysia } from "elysia"
import type { MessageChanges } from "../core/message-changes"
import type { Pins } from "../core/pins"
import type { Reactions } from "../core/reactions"
import { EditMessageBody, Emoji } from "../protocol/message-requests"
import { presentMessage, presentVersion } from "../protocol/present"
import { ListQuery } from "../protocol/requests"
import type { Authentication } from "./authenticate"
import { MessageParams } from "./messages"
import { linkNextPage, pageByPlace, readCursor } from "./paging"
import { RoomParams } from "./rooms"

export interface MessageChangesRoutesDeps {
  readonly authentication: Authentication
  readonly messageChanges: MessageChanges
  readonly reactions: Reactions
  readonly pins: Pins
}

const ReactionParams = MessageParams.extend({ emoji: Emoji })
const PageQuery = ListQuery.omit({ query: true })

/** What becomes of messages after they were sent. */
export function messageChangesRoutes(deps: MessageChangesRoutesDeps) {
  const { authentication, messageChanges, reactions, pins } = deps
  return new Elysia()
    .use(authentication)
    .patch(
      "/messages/:id",
      async ({ actor, params, body }) =>
        presentMessage(await messageChanges.editMessage(actor, params.id, body)),
      { params: MessageParams, body: EditMessageBody },
    )
    .delete(
      "/messages/:id",
      async ({ actor, params }) =>
        presentMessage(await messageChanges.deleteMessage(actor, params.id)),
      { params: MessageParams },
    )
    .get(
      "/messages/:id/history",
      async ({ actor, params, query, request, set }) => {
        const found = await messageChanges.readVersions(actor, params.id, {
          before: readCursor(query.cursor, Number.MAX_SAFE_INTEGER),
          limit: query.limit,
        })
        linkNextPage({ request, query, set }, found, (it) => it.seq)
        return found.map(presentVersion)
      },
      { params: MessageParams, query: PageQuery },
    )
    .put(
      "/messages/:id/reactions/:emoji",
      async ({ actor, params }) =>
        presentMessage(await reactions.addReaction(actor, params.id, params.emoji)),
      { params: ReactionParams },
    )
    .delete(
      "/messages/:id/reactions/:emoji",
      async ({ actor, params }) =>
        presentMessage(await reactions.removeReaction(actor, params.id, params.emoji)),
      { params: ReactionParams },
    )
    .put(
      "/messages/:id/pin",
      async ({ actor, params }) => presentMessage(await pins.pinMessage(actor, params.id)),
      { params: MessageParams },
    )
    .delete(
      "/messages/:id/pin",
      async ({ actor, params }) => presentMessage(await pins.unpinMessage(actor, params.id)),
      { params: MessageParams },
    )
    .get(
      "/rooms/:id/pins",
      async ({ actor, params, ...context }) => {
        const found = await pageByPlace(context, (page) => pins.listPins(actor, params.id, page))
        return found.map(presentMessage)
      },
      { params: RoomParams, query: PageQuery },
    )
}
