import { Elysia } from "elysia"
import { z } from "zod"
import type { Messages } from "../core/messages"
import type { EdgeMeter } from "../ops/meters"
import { asMessageId } from "../protocol/ids"
import { presentMessage } from "../protocol/present"
import { HistoryQuery, SendMessageBody } from "../protocol/requests"
import type { Authentication } from "./authenticate"
import { createMessagePages } from "./message-page"
import { RoomParams } from "./rooms"

export interface MessagesRoutesDeps {
  readonly authentication: Authentication
  readonly messages: Messages
  readonly rest: EdgeMeter
}

export function messagesRoutes({ authentication, messages, rest }: MessagesRoutesDeps) {
  const messagesAsJson = createMessagePages()
  return new Elysia()
    .use(authentication)
    .post(
      "/rooms/:id/messages",
      async ({ actor, params, body }) => {
        const { message, duplicate } = await messages.sendMessage(actor, {
          roomId: params.id,
          content: body.content,
          type: body.type,
          clientId: body.client_id ?? null,
          metadata: body.metadata ?? null,
        })
        if (!duplicate) rest.messages++
        return { ...presentMessage(message), ...(duplicate ? { duplicate } : {}) }
      },
      { params: RoomParams, body: SendMessageBody },
    )
    .get(
      "/rooms/:id/messages",
      async ({ actor, params, query }) =>
        messagesAsJson(await messages.readHistory(actor, params.id, query)),
      { params: RoomParams, query: HistoryQuery },
    )
    .get(
      "/messages/:id",
      async ({ actor, params }) =>
        presentMessage(await messages.getMessage(actor, asMessageId(params.id))),
      { params: z.object({ id: z.string() }) },
    )
}
