import type { Chat } from "../core/chat"
import type { Ref, Voice } from "../dialects/dialect"
import type { Command, ConversationDraft, JoinWish } from "../protocol/commands"
import { conversationOf } from "../protocol/conversation"
import type { Actor, Message, Room } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { RoomRef } from "../protocol/events"
import type { Instant, RoomId, RoomNumericId, Seq } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { Occupied, Reply } from "../protocol/replies"
import type { Audience } from "./audiences"
import type { Connection } from "./connection"
import type { Ordering } from "./ordering"
import type { Subscriptions } from "./subscriptions"

/** Who asks, on which connection and in which protocol. */
export interface Caller {
  readonly connection: Connection
  readonly voice: Voice
  readonly actor: Actor
  readonly ref: Ref
}

export interface JoiningDeps {
  readonly chat: Chat
  readonly subscriptions: Subscriptions
  readonly ordering: Pick<Ordering, "toldOf" | "reach">
  readonly now: () => Instant
}

/** The newest of a room, and the seq up to which they tell everything. */
interface History {
  readonly messages: readonly Message[]
  readonly head: Seq
}

const NO_MESSAGES: readonly Message[] = []

/** A history that is read again because messages came meanwhile is read so often at the most. */
const READS_MAX = 20

/** What clients ask for in protocols where a connection joins rooms, and is present in them. */
export function createJoining({ chat, subscriptions, ordering, now }: JoiningDeps) {
  /**
   * Errors: `conflict` for who is there already and may not be twice; `overloaded` where others
   * cannot be told what the history tells; those of `enterRoom`.
   */
  async function join(caller: Caller, wish: JoinWish): Promise<Reply | null> {
    const { connection, voice, actor } = caller
    const isHere = connection.audienceOf(voice, wish.roomId) !== undefined
    if (isHere && wish.isExclusive) {
      throw new ChatError("conflict", { detail: "user already in room" })
    }
    const room = await chat.entering.enterRoom(actor, wish)
    let history = await readUpToNow(actor, room, wish.historyLimit)
    // Read again where more was told meanwhile than was read: what is told next must follow.
    for (let reads = 1; isOutdated(room, history) && reads < READS_MAX; reads++) {
      history = await readUpToNow(actor, room, wish.historyLimit)
    }
    if (connection.audienceOf(voice, room.id) !== undefined) return joinedAgain(room)
    // Asked again, for others may have come meanwhile; from here on nothing waits.
    if (chat.presence.isFull(room, actor.user.numericId)) throw new ChatError("room_full")
    if (wish.isExclusive) subscriptions.exitAll(connection)
    comeIn(caller, room, history)
    return null
  }

  /** The answer leaves before anything that happens in the room. */
  function comeIn(caller: Caller, room: Room, { messages, head }: History): void {
    const { connection, voice, actor, ref } = caller
    if (!connection.listens) return
    subscriptions.arriveAsMember(connection, actor, {
      voice,
      room,
      head,
      memberAt: room.head,
      tell: (notice) => {
        const reply: Reply = { type: "room.joined", ...occupied(room), notice, messages }
        connection.sendAll(voice.encodeReply(reply, { ref, command: null, actor, at: notice.at }))
      },
    })
  }

  const joinedAgain = (room: Room): Reply => ({
    type: "room.joined",
    ...occupied(room),
    notice: null,
    messages: NO_MESSAGES,
  })

  /**
   * What others are told later must not be in it: they are told up to there first. Errors:
   * `overloaded`.
   */
  async function readUpToNow(actor: Actor, room: Room, limit: number): Promise<History> {
    if (limit === 0) return { messages: NO_MESSAGES, head: room.head }
    const history = await chat.messages.readNewest(actor, room.id, limit)
    const reaching = ordering.reach(room, history.head)
    if (reaching !== undefined && !(await reaching)) {
      throw new ChatError("overloaded", { detail: "this room cannot be followed just now" })
    }
    return history
  }

  /** Who has asked for no history has none that could be. */
  const isOutdated = (room: Room, { messages, head }: History): boolean =>
    messages !== NO_MESSAGES && ordering.toldOf(room) > head

  const occupied = (room: Room, limit: number = LIMITS.presentListedMax): Occupied => ({
    room,
    userCount: chat.presence.countPresent(room),
    present: chat.presence.listPresent(room, limit),
  })

  /** Errors: `forbidden` for a room that the connection is not in, `room_not_found` for none. */
  async function leave({ connection, voice }: Caller, roomId: RoomId | null): Promise<Reply> {
    const audience = roomId === null ? currentOf(connection) : connection.audienceOf(voice, roomId)
    if (audience === undefined) throw roomId === null ? new ChatError("room_not_found") : outside()
    subscriptions.exit(connection, audience)
    return { type: "room.left", room: audience.room }
  }

  /** Errors: `forbidden`. */
  function refuseOutside({ connection, voice }: Caller, roomId: RoomId): void {
    if (connection.audienceOf(voice, roomId) === undefined) throw outside()
  }

  /** Errors: `room_limit`. */
  async function create(
    { actor }: Caller,
    { name, roomType, maxUsers }: Extract<Command, { type: "room.create" }>,
  ): Promise<Reply> {
    const wish = { name, type: roomType, topic: null, maxUsers, id: null }
    const { room } = await chat.rooms.createRoom(actor, wish)
    return { type: "room.created", ...occupied(room) }
  }

  /** The newest rooms that the user may see, with those who are in them. */
  async function list({ actor }: Caller, type: "public" | "private" | undefined): Promise<Reply> {
    const query = { mine: false, type, query: undefined, before: Number.MAX_SAFE_INTEGER }
    const limit = LIMITS.roomsListedMax
    const found = await chat.rooms.listRooms(actor, { ...query, limit })
    let left: number = LIMITS.presentInListsMax
    const rooms = found.map(({ room }) => {
      const it = occupied(room, Math.min(left, LIMITS.presentListedMax))
      left -= it.present.length
      return it
    })
    return { type: "rooms", rooms }
  }

  /** Errors: `room_not_found`, `banned`. */
  async function readStats({ actor }: Caller, roomId: RoomId): Promise<Reply> {
    const { room } = await chat.rooms.getRoom(actor, roomId)
    const typists = chat.typing.typistsIn(room.id)
    return { type: "room.stats", ...occupied(room), typists, at: now() }
  }

  /** Errors: `room_not_found`, hidden where the conversation is other people's. */
  async function joinConversation(
    caller: Caller,
    conversation: RoomNumericId,
  ): Promise<Reply | null> {
    const { connection, voice, actor, ref } = caller
    const room = await chat.conversations.findConversation(actor, conversation)
    const reply: Reply = { type: "conversation.joined", conversation }
    if (connection.audienceOf(voice, room.id) !== undefined) return reply
    if (!connection.listens) return null
    subscriptions.arriveAsMember(connection, actor, {
      voice,
      room,
      head: room.head,
      memberAt: room.head,
      tell: ({ at }) =>
        connection.sendAll(voice.encodeReply(reply, { ref, command: null, actor, at })),
    })
    return null
  }

  /** Leaving what one has not joined changes nothing, and is no error. */
  async function leaveConversation(
    { connection, voice }: Caller,
    conversation: RoomNumericId,
  ): Promise<Reply> {
    const audience = heardByNumber(connection, voice, conversation)
    if (audience !== undefined) subscriptions.exit(connection, audience)
    return { type: "conversation.left", conversation }
  }

  /** By connection, when all conversations that were looked for are found or not. */
  const lookedFor = new WeakMap<Connection, Promise<unknown>>()

  /**
   * One client's messages are sent in the order they came. That they are looked for in that order
   * is not enough: answers of a database over a network overtake each other.
   * Errors: those of `findConversation`.
   */
  async function findInTurn({ connection, actor }: Caller, number: RoomRef["numericId"]) {
    const found = chat.conversations.findConversation(actor, number)
    const earlier = lookedFor.get(connection)
    lookedFor.set(connection, bothEnded(earlier, found))
    await earlier
    return await found
  }

  /** Errors: those of `findConversation` and `sendMessage`. */
  async function sendToConversation(
    caller: Caller,
    { conversation: number, content, type }: ConversationDraft,
  ): Promise<Reply> {
    const { actor } = caller
    const room = await findInTurn(caller, number)
    const conversation = conversationOf(room)
    if (conversation === null) throw new ChatError("room_not_found")
    const draft = { roomId: room.id, content, type, clientId: null, metadata: null }
    const { message, duplicate } = await chat.messages.sendMessage(actor, draft)
    return { type: "conversation.sent", message, conversation, duplicate }
  }

  /** Errors: `forbidden` where the connection has not joined it; those of `setTyping`. */
  async function typeInConversation(
    { connection, voice, actor }: Caller,
    { conversation, isTyping }: Extract<Command, { type: "conversation.typing" }>,
  ): Promise<Reply> {
    const audience = heardByNumber(connection, voice, conversation)
    if (audience === undefined) throw outside()
    await chat.typing.setTyping(actor, audience.room.id, isTyping)
    return { type: "typing.set", isTyping }
  }

  return {
    join,
    leave,
    refuseOutside,
    create,
    list,
    readStats,
    joinConversation,
    leaveConversation,
    sendToConversation,
    typeInConversation,
  }
}

/** With no value: each would hold on to the one before. */
async function bothEnded(...tasks: readonly [unknown, unknown]): Promise<void> {
  await Promise.allSettled(tasks)
}

const outside = () => new ChatError("forbidden", { detail: "you have not joined this room" })

/** Of a connection that is in one room at a time. */
const currentOf = (connection: Connection): Audience | undefined => {
  const [first] = connection.audiences.values()
  return first
}

function heardByNumber(
  connection: Connection,
  voice: Voice,
  number: RoomRef["numericId"],
): Audience | undefined {
  for (const audience of connection.audiences.values()) {
    if (audience.voice === voice && audience.room.numericId === number) return audience
  }
  return undefined
}

export type Joining = ReturnType<typeof createJoining>
