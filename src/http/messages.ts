import { Elysia } from "elysia"
import { z } from "zod"
import type { Claims } from "../auth/claims"
import type { Messages } from "../core/messages"
import type { EdgeMeter } from "../ops/meters"
import type { Claim } from "../protocol/claims"
import type { Actor } from "../protocol/entities"
import { asMessageId } from "../protocol/ids"
import { PostMessageBody } from "../protocol/message-requests"
import { presentMessage } from "../protocol/present"
import { readDraft } from "../protocol/read-draft"
import { HistoryQuery } from "../protocol/requests"
import type { Authentication } from "./authenticate"
import { createMessagePages } from "./message-page"
import { RoomParams } from "./rooms"

export const MessageParams = z.object({ id: z.string().transform(asMessageId) })

export interface MessagesRoutesDeps {
  readonly authentication: Authentication
  readonly messages: Messages
  readonly claims: Claims
  readonly rest: EdgeMeter
}

export function messagesRoutes({ authentication, messages, claims, rest }: MessagesRoutesDeps) {
  const messagesAsJson = createMessagePages()

  /** Who has credentials is nobody else; who has none, and need not, is whom they name. */
  const senderOf = (actor: Actor, claim: Claim | undefined): Promise<Actor> | Actor =>
    claim === undefined
      ? actor
      : claims.checkClaim(actor.via.type === "claim" ? null : actor, claim)

  return new Elysia()
    .use(authentication)
    .post(
      "/rooms/:id/messages",
      async ({ actor, params, body }) => {
        const { message, duplicate } = await messages.sendMessage(
          await senderOf(actor, body.user_id),
          readDraft(params.id, body),
        )
        if (!duplicate) rest.messages++
        return { ...presentMessage(message), ...(duplicate ? { duplicate } : {}) }
      },
      { params: RoomParams, body: PostMessageBody },
    )
    .get(
      "/rooms/:id/messages",
      async ({ actor, params, query }) =>
        messagesAsJson(await messages.readHistory(actor, params.id, query)),
      { params: RoomParams, query: HistoryQuery },
    )
    .get(
      "/messages/:id",
      async ({ actor, params }) => presentMessage(await messages.getMessage(actor, params.id)),
      { params: MessageParams },
    )
}
