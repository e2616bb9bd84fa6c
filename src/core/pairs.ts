import { type Conversation, conversationOf } from "../protocol/conversation"
import type { Actor, Message, Room } from "../protocol/entities"
import type { RoomNumericId, UserNumericId } from "../protocol/ids"
import type { Script } from "../store"
import type { Conversations } from "./conversations"
import type { ChatDeps } from "./deps"

interface PairsDeps extends Pick<ChatDeps, "store"> {
  readonly conversations: Conversations
}

/** A conversation of two, as a room and by its numbers. */
export interface Pair {
  readonly room: Room
  readonly conversation: Conversation
}

export interface PairPage {
  readonly conversation: Conversation
  /** Newest first. What the server said is not among them. */
  readonly messages: readonly Message[]
  /** How many there are on all pages. */
  readonly total: number
}

/** Lets others have a turn. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Conversations of two, by numbers and pages, for protocols that have both. */
export function createPairs({ store, conversations }: PairsDeps) {
  /**
   * The conversation of the actor with somebody, made if there is none.
   * Errors: `invalid_request` for oneself, `user_not_found`, and those of `openConversation`.
   */
  async function openPair(actor: Actor, other: UserNumericId): Promise<Pair> {
    const { room } = await conversations.openWithOne(actor, other)
    return asPair(room)
  }

  /** The actor's conversations, newest first; `before` is the number where the last page ended. */
  async function listPairs(
    { user }: Actor,
    page: { readonly before: number; readonly limit: number },
  ): Promise<readonly Pair[]> {
    const rooms = await store.read(store.rooms.listPairs(user.numericId, page))
    return rooms.map(asPair)
  }

  /**
   * A page of what the two have said; pages count from 1. The first look at a long history
   * takes several turns. Errors: `room_not_found`.
   */
  async function readPair(
    actor: Actor,
    number: RoomNumericId,
    page: { readonly page: number; readonly limit: number },
  ): Promise<PairPage> {
    for (;;) {
      const found = await store.read(readPage(actor, number, page))
      if (found !== null) return found
      await nextTurn()
    }
  }

  function* readPage(
    actor: Actor,
    number: RoomNumericId,
    { page, limit }: { readonly page: number; readonly limit: number },
  ): Script<PairPage | null> {
    const { room, conversation } = asPair(yield* conversations.findPair(actor, number))
    const places = yield* store.findPlaces(room)
    if (places === null) return null
    const { total } = places
    const newest = total - (page - 1) * limit
    if (newest < 1) return { conversation, messages: [], total }
    const messages = yield* store.messages.saidBetween(room.numericId, {
      from: places.seqOf(Math.max(1, newest - limit + 1)),
      until: places.seqOf(newest),
      limit,
    })
    return { conversation, messages, total }
  }

  /** Both, whoever asks; nobody where there is no such conversation. */
  async function peopleOf(number: RoomNumericId): Promise<readonly UserNumericId[]> {
    const room = await store.read(store.rooms.findByNumber(number))
    const conversation = room === null || room.deletedAt !== null ? null : conversationOf(room)
    return conversation === null ? [] : [conversation.senderId, conversation.receiverId]
  }

  return { openPair, listPairs, readPair, peopleOf }
}

function asPair(room: Room): Pair {
  const conversation = conversationOf(room)
  if (conversation === null) throw new Error(`room ${room.numericId} is no conversation of two`)
  return { room, conversation }
}

export type Pairs = ReturnType<typeof createPairs>
