import type { Chat } from "../core/chat"
import { type ChangesRequest, changesChars } from "../core/sync"
import { assertNever } from "../protocol/assert-never"
import type { Command } from "../protocol/commands"
import type { Actor } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { Instant, RoomId } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { Reply } from "../protocol/replies"
import type { Audience } from "./audiences"
import { changeMessage } from "./change-message"
import type { Connection } from "./connection"
import { fittingPage } from "./fitting-page"
import type { Caller, Joining } from "./joining"
import type { Subscriptions } from "./subscriptions"

export interface ExecuteDeps {
  readonly chat: Chat
  readonly subscriptions: Subscriptions
  readonly joining: Joining
  readonly now: () => Instant
}

const ROOMS_PER_TURN = 16

/** As how many frames more subscribing to so many rooms counts: each of them is read. */
export const framesOf = (rooms: number): number => Math.floor(rooms / LIMITS.roomsPerFrameCounted)

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

const DONE: Reply = { type: "done" }

/**
 * Commands that a client may pile up: none needs to see what the one before it has done. All
 * others wait for the answers to what was sent before them; typing too, which a send ends.
 */
export const isBarrier = ({ type }: Command): boolean =>
  type !== "message.send" &&
  type !== "conversation.send" &&
  type !== "ping" &&
  type !== "presence.set"

/**
 * Commands whose answers are long. All of it is read without waiting for anything, so of frames
 * that came in one piece each would follow the last before anybody else had a turn.
 */
const isLong = ({ type }: Command): boolean =>
  type === "room.subscribe" ||
  type === "history.read" ||
  type === "rooms.list" ||
  type === "room.stats"

/** Carries out a command of a connection. Refusals are thrown `ChatError`s. */
export function createExecute({ chat, subscriptions, joining, now }: ExecuteDeps) {
  /**
   * Not async itself: the answer of core is the reply, and a promise around it costs. Null: it has
   * been answered, before what came of it.
   */
  return function execute(caller: Caller, command: Command): Promise<Reply | null> {
    if (command.type !== "message.send") return executeOther(caller, command)
    const { connection, actor } = caller
    if (command.fromInside === true) joining.refuseOutside(caller, command.draft.roomId)
    connection.batchAnswers()
    return chat.messages.sendMessage(actor, command.draft, command)
  }

  async function executeOther(
    caller: Caller,
    command: Exclude<Command, { type: "message.send" }>,
  ): Promise<Reply | null> {
    const { connection, voice, actor } = caller
    if (isLong(command)) await nextTurn()
    switch (command.type) {
      case "room.subscribe":
        return subscribe(connection, actor, command)
      case "room.unsubscribe":
        for (const roomId of command.roomIds) {
          const audience = connection.audienceOf(voice, roomId)
          if (audience === undefined) continue
          subscriptions.exit(connection, audience)
          if (connection.followsAll) leaveOut(connection, audience)
        }
        return DONE
      case "history.read": {
        const { roomId, range } = command
        const messages = await chat.messages.readHistory(actor, roomId, range)
        return { type: "history", messages: fittingPage(messages, range) }
      }
      case "message.forward":
        return chat.forwarding.forward(actor, command)
      case "message.edit":
      case "message.delete":
      case "message.pin":
      case "message.unpin":
      case "reaction.add":
      case "reaction.remove":
        return { type: "changed", message: await changeMessage(chat, actor, command) }
      case "typing.set":
        if (command.fromInside === true) joining.refuseOutside(caller, command.roomId)
        await chat.typing.setTyping(actor, command.roomId, command.isTyping)
        return { type: "typing.set", isTyping: command.isTyping }
      case "read.mark":
        await chat.sync.markRead(actor, command.roomId, command.seq)
        return DONE
      case "presence.set":
        await chat.presence.setStatus(actor, command.status)
        return DONE
      case "ping":
        return { type: "pong", time: now() }
      case "room.join":
        return joining.join(caller, command)
      case "room.leave":
        return joining.leave(caller, command.roomId)
      case "room.create":
        return joining.create(caller, command)
      case "rooms.list":
        return list(caller, command.roomType)
      case "room.stats":
        return joining.readStats(caller, command.roomId)
      case "conversation.join":
        return joining.joinConversation(caller, command.conversation)
      case "conversation.leave":
        return joining.leaveConversation(caller, command.conversation)
      case "conversation.send":
        return joining.sendToConversation(caller, command.draft)
      case "conversation.typing":
        return joining.typeInConversation(caller, command)
      default:
        return assertNever(command)
    }
  }

  function leaveOut(connection: Connection, { room }: Audience): void {
    connection.leftOut ??= new Set()
    connection.leftOut.add(room.numericId)
  }

  /** Counted when it is known how many they are; who has spent too much already is refused. */
  async function list(caller: Caller, type: "public" | "private" | undefined): Promise<Reply> {
    const { frameRate } = caller.connection
    if (frameRate?.isSpent) throw new ChatError("rate_limited", { detail: "too many lists" })
    const reply = await joining.list(caller, type)
    if (reply.type === "rooms") frameRate?.spend(framesOf(reply.rooms.length))
    return reply
  }

  async function subscribe(
    connection: Connection,
    actor: Actor,
    { rooms, all }: Extract<Command, { type: "room.subscribe" }>,
  ): Promise<Reply> {
    const wanted = new Map(rooms.map(({ roomId, position }) => [roomId, position]))
    if (all) {
      // Before the list is read, so that a room joined meanwhile is in one or the other.
      connection.followsAll = true
      for (const { id } of await chat.presence.roomsOf(actor)) {
        if (!wanted.has(id)) wanted.set(id, null)
      }
      connection.frameRate?.spend(framesOf(wanted.size - rooms.length))
    }
    const answers = []
    let charsLeft: number = LIMITS.answerCharsMax
    for (const [roomId, position] of wanted) {
      // Reading a room does not wait for anything, so without this nobody else had a turn.
      if (answers.length % ROOMS_PER_TURN === ROOMS_PER_TURN - 1) await nextTurn()
      const request = { position, limit: LIMITS.changesPerPageMax, charsMax: charsLeft }
      const answer = await subscribeToRoom(connection, actor, roomId, request)
      if ("changes" in answer) charsLeft -= changesChars(answer.changes)
      answers.push(answer)
    }
    return { type: "subscribed", rooms: answers }
  }

  async function subscribeToRoom(
    connection: Connection,
    actor: Actor,
    roomId: RoomId,
    request: ChangesRequest,
  ) {
    try {
      // First hear, then read: between the two nothing can be missed, and what comes twice is
      // dropped by its seq. Reading asks again whether the actor may, on rows as new as the read.
      const read = () => chat.presence.openRoom(actor, roomId)
      await subscriptions.enterAsRead(connection, { actor, roomId, read })
      try {
        return { roomId, changes: await chat.sync.readChanges(actor, roomId, request) }
      } catch (error) {
        const audience = connection.audienceOf(connection.voice, roomId)
        if (audience !== undefined) subscriptions.exit(connection, audience)
        throw error
      }
    } catch (error) {
      if (error instanceof ChatError) return { roomId, error }
      throw error
    }
  }
}

export type Execute = ReturnType<typeof createExecute>
