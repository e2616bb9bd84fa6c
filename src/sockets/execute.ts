import type { Chat } from "../core/chat"
import { type ChangesRequest, changesChars } from "../core/sync"
import { assertNever } from "../protocol/assert-never"
import type { Command } from "../protocol/commands"
import type { Actor } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { Instant, RoomId } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { Reply } from "../protocol/replies"
import type { Connection } from "./connection"
import type { Subscriptions } from "./subscriptions"

export interface ExecuteDeps {
  readonly chat: Chat
  readonly subscriptions: Subscriptions
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
  type !== "message.send" && type !== "ping" && type !== "presence.set"

/** Carries out a command of a connection. Refusals are thrown `ChatError`s. */
export function createExecute({ chat, subscriptions, now }: ExecuteDeps) {
  /** Not async itself: the answer of core is the reply, and a promise around it costs. */
  return function execute(connection: Connection, actor: Actor, command: Command): Promise<Reply> {
    if (command.type !== "message.send") return executeOther(connection, actor, command)
    connection.batchAnswers()
    return chat.messages.sendMessage(actor, command.draft)
  }

  async function executeOther(
    connection: Connection,
    actor: Actor,
    command: Exclude<Command, { type: "message.send" }>,
  ): Promise<Reply> {
    switch (command.type) {
      case "room.subscribe":
        return subscribe(connection, actor, command)
      case "room.unsubscribe":
        for (const roomId of command.roomIds) {
          const room = connection.rooms.get(roomId)
          if (room !== undefined) subscriptions.exit(connection, room)
        }
        return DONE
      case "history.read": {
        const { roomId, range } = command
        const messages = await chat.messages.readHistory(actor, roomId, range)
        return { type: "history", messages }
      }
      case "typing.set":
        await chat.typing.setTyping(actor, command.roomId, command.isTyping)
        return DONE
      case "read.mark":
        await chat.sync.markRead(actor, command.roomId, command.seq)
        return DONE
      case "presence.set":
        await chat.presence.setStatus(actor, command.status)
        return DONE
      case "ping":
        return { type: "pong", time: now() }
      default:
        return assertNever(command)
    }
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
      const room = await chat.presence.openRoom(actor, roomId)
      subscriptions.enter(connection, room)
      try {
        return { roomId, changes: await chat.sync.readChanges(actor, roomId, request) }
      } catch (error) {
        subscriptions.exit(connection, room)
        throw error
      }
    } catch (error) {
      if (error instanceof ChatError) return { roomId, error }
      throw error
    }
  }
}

export type Execute = ReturnType<typeof createExecute>
