import { Elysia } from "elysia"
import { z } from "zod"
import type { Claims } from "../auth/claims"
import type { Pair, Pairs } from "../core/pairs"
import type { Actor } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import {
  asRoomNumericId,
  asUserNumericId,
  type RoomNumericId,
  type UserNumericId,
} from "../protocol/ids"
import { presentPair, presentPairMessage } from "../protocol/present-conversation"
import { OpenPairBody, PairMessagesQuery, PairsQuery, RoomNumberText } from "../protocol/requests"
import type { Callers } from "./authenticate"
import { linkNextPage, readCursor } from "./paging"

export interface SocketIoConversationsRoutesDeps {
  readonly callers: Callers
  readonly claims: Claims
  readonly pairs: Pairs
}

const PairParams = z.object({ id: RoomNumberText.transform(asRoomNumericId) })

interface NamedCaller {
  readonly user_id?: string | undefined
  /** As the protocol has it in its handshake. */
  readonly userId?: string | undefined
}

const present = ({ room, conversation }: Pair) => presentPair(room, conversation)

/** What clients of `socketio-conversations` do over REST. */
export function socketIoConversationsRoutes({
  callers,
  claims,
  pairs,
}: SocketIoConversationsRoutesDeps) {
  /** Who has credentials, or whom they name where that is believed; null: nobody is named. */
  async function readerOf(caller: Actor | null, query: NamedCaller): Promise<Actor | null> {
    const claim = query.user_id ?? query.userId
    return claim === undefined ? caller : claims.checkClaim(caller, claim)
  }

  /** Where claims are believed, whoever is talked to is made as well, if they are nobody yet. */
  async function openPair(actor: Actor, receiver: UserNumericId): Promise<Pair> {
    try {
      return await pairs.openPair(actor, receiver)
    } catch (error) {
      const isNobody = error instanceof ChatError && error.code === "user_not_found"
      if (!isNobody || !claims.trustsClaims) throw error
      await makeUser(receiver, error)
      return pairs.openPair(actor, receiver)
    }
  }

  /** Errors: `invalid_request`, `rate_limited`; for who has gone, the one that is given. */
  async function makeUser(number: UserNumericId, whereGone: ChatError): Promise<void> {
    try {
      await claims.checkClaim(null, number, { field: "receiver_id" })
    } catch (error) {
      throw error instanceof ChatError && error.code === "unauthorized" ? whereGone : error
    }
  }

  /**
   * Anybody could name one of the two, so nobody need: one of them whom anybody may be.
   * Errors: `room_not_found`.
   */
  async function eitherOf(conversation: RoomNumericId): Promise<Actor> {
    for (const person of await pairs.peopleOf(conversation)) {
      try {
        return await claims.checkClaim(null, person)
      } catch (error) {
        // Who has an account is nobody's to be; then perhaps the other.
        if (!(error instanceof ChatError)) throw error
      }
    }
    throw new ChatError("room_not_found")
  }

  return new Elysia({ prefix: "/api/chats/conversations" })
    .use(callers)
    .post(
      "/",
      async ({ caller, body }) => {
        const actor = await claims.checkClaim(caller, body.sender_id, { field: "sender_id" })
        return present(await openPair(actor, asUserNumericId(body.receiver_id)))
      },
      { body: OpenPairBody },
    )
    .get(
      "/",
      async ({ caller, query, request, set }) => {
        const actor = await readerOf(caller, query)
        if (actor === null) {
          throw new ChatError("unauthorized", { detail: "say who asks, by user_id" })
        }
        const before = readCursor(query.cursor, Number.MAX_SAFE_INTEGER)
        const found = await pairs.listPairs(actor, { before, limit: query.limit })
        linkNextPage({ request, query, set }, found, ({ room }) => room.numericId)
        return found.map(present)
      },
      { query: PairsQuery },
    )
    .get(
      "/:id/messages",
      async ({ caller, params, query }) => {
        const { page, limit } = query
        const actor = (await readerOf(caller, query)) ?? (await eitherOf(params.id))
        const { messages, conversation, total } = await pairs.readPair(actor, params.id, query)
        const data = messages.flatMap((it) => presentPairMessage(it, conversation) ?? [])
        return { data, page, limit, total, totalPages: Math.ceil(total / limit) }
      },
      { params: PairParams, query: PairMessagesQuery },
    )
}
