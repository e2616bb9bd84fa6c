import { Elysia } from "elysia"
import type { Forwarding } from "../core/forwarding"
import type { Threads } from "../core/threads"
import type { EdgeMeter } from "../ops/meters"
import { asRoomId } from "../protocol/ids"
import { ForwardBody } from "../protocol/message-requests"
import { presentMessage } from "../protocol/present"
import { ThreadQuery } from "../protocol/requests"
import type { Authentication } from "./authenticate"
import { MessageParams } from "./messages"

export interface ThreadsRoutesDeps {
  readonly authentication: Authentication
  readonly threads: Threads
  readonly forwarding: Forwarding
  readonly rest: EdgeMeter
}

/** What comes of one message: what is said about it, and where it is said again. */
export function threadsRoutes({ authentication, threads, forwarding, rest }: ThreadsRoutesDeps) {
  return new Elysia({ prefix: "/messages/:id" })
    .use(authentication)
    .get(
      "/thread",
      async ({ actor, params, query }) =>
        (await threads.readThread(actor, params.id, query)).map(presentMessage),
      { params: MessageParams, query: ThreadQuery },
    )
    .post(
      "/forward",
      async ({ actor, params, body }) => {
        const { message, duplicate } = await forwarding.forward(actor, {
          messageId: params.id,
          roomId: asRoomId(body.room_id),
          clientId: body.client_id ?? null,
        })
        if (!duplicate) rest.messages++
        return { ...presentMessage(message), ...(duplicate ? { duplicate } : {}) }
      },
      { params: MessageParams, body: ForwardBody },
    )
}
