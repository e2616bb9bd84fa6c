import type { Voice } from "../dialects/dialect"
import type { Meters } from "../ops/meters"
import { assertNever } from "../protocol/assert-never"
import { ChatError } from "../protocol/errors"
import type { BusMessage, Event, RoomRef } from "../protocol/events"
import type { UserNumericId } from "../protocol/ids"
import type { Audiences } from "./audiences"
import type { Connection, Publish } from "./connection"
import type { Connections } from "./connections"
import type { Heads } from "./heads"
import type { Subscriptions } from "./subscriptions"
import type { TellOnline } from "./tell-online"
import { userTopic } from "./topics"

export interface FanOutDeps {
  readonly voices: readonly Voice[]
  readonly connections: Connections
  readonly audiences: Audiences
  readonly subscriptions: Subscriptions
  readonly heads: Heads
  /** Connections that hear no typing and presence for now. */
  readonly slow: ReadonlySet<Connection>
  readonly tellOnline: TellOnline
  readonly publish: Publish
  readonly meters: Pick<Meters, "deliveries">
  /** How many sockets of this node listen to a topic. */
  readonly listenerCount: (topic: string) => number
}

/**
 * From the bus to the sockets of this node. An event is encoded once per dialect that has
 * listeners, never per socket: publishing natively costs a seventh of a loop of sends
 * (bench/ `room-32`), and an encoding for each receiver would be most of the work.
 */
export function createFanOut(deps: FanOutDeps) {
  const { voices, connections, audiences, subscriptions, heads, slow, publish, meters } = deps
  const { listenerCount, tellOnline } = deps

  return function fanOut(message: BusMessage): void {
    switch (message.type) {
      case "message.created":
      case "message.updated":
      case "message.deleted":
      case "member.joined":
      case "member.updated":
      case "room.updated":
        heads.moved(message.room, message.seq)
        toRoom(message.room, message)
        return
      case "member.left":
        heads.moved(message.room, message.seq)
        // Those who go are told, and hear nothing after it.
        toRoom(message.room, message)
        subscriptions.exitUser(
          message.member.user.numericId,
          message.room,
          message.accountEnds === true ? null : noLongerIn(),
        )
        return
      case "room.deleted":
        toRoom(message.room, message)
        subscriptions.exitEverybody(message.room)
        heads.forget(message.room)
        return
      case "room.added":
        toUser(message.user, message)
        subscriptions.enterFollowers(message.user, message.room)
        return
      case "room.removed":
        toUser(message.user, message)
        return
      case "read":
        toRoom(message.room, message)
        return
      case "presence":
        toRoomExcept(slow, message.room, message)
        return
      case "typing":
        toRoomExcept(
          [...connections.ofUser(message.user.numericId), ...slow],
          message.room,
          message,
        )
        return
      case "room.entered":
      case "room.exited":
        toRoomExcept(connections.ofUser(message.user.numericId), message.room, message)
        return
      case "user.online":
      case "user.offline":
        tellOnline(message)
        return
      case "access.ended":
        subscriptions.exitUser(message.user, message.room, noLongerIn())
        return
      case "session.revoked":
        connections.endWhere(
          ({ via }) => via.type === "session" && via.sessionId === message.sessionId,
          "revoked",
        )
        return
      case "key.revoked":
        connections.endWhere(
          ({ via }) => via.type === "key" && via.keyId === message.keyId,
          "revoked",
        )
        return
      case "user.disabled":
        connections.endWhere(({ user }) => user.numericId === message.user, "disabled")
        return
      case "user.updated":
        connections.renew(message.user)
        return
      default:
        assertNever(message)
    }
  }

  function toRoom(room: RoomRef, event: Event): void {
    for (const { voice, topic, size } of audiences.of(room.numericId)) {
      const frame = voice.encodeEvent(event)
      if (frame === null) continue
      publish(topic, frame)
      meters.deliveries += size
    }
  }

  function toUser(user: UserNumericId, event: Event): void {
    for (const voice of voices) {
      const topic = userTopic(voice, user)
      const listeners = listenerCount(topic)
      const frame = listeners === 0 ? null : voice.encodeEvent(event)
      if (frame === null) continue
      publish(topic, frame)
      meters.deliveries += listeners
    }
  }

  /**
   * To a room without some of its connections. Stepping off the topic for the moment of a publish
   * costs those few something, where a loop over the room would cost the room.
   */
  function toRoomExcept(some: Iterable<Connection>, room: RoomRef, event: Event): void {
    const here = audiences.of(room.numericId)
    const leftOut: { readonly connection: Connection; readonly topic: string }[] = []
    for (const connection of some) {
      for (const { key, topic } of here) {
        if (connection.audiences.has(key)) leftOut.push({ connection, topic })
      }
    }
    for (const { connection, topic } of leftOut) connection.unfollow(topic)
    toRoom(room, event)
    for (const { connection, topic } of leftOut) connection.follow(topic)
  }
}

const noLongerIn = () => new ChatError("forbidden", { detail: "you are no longer in this room" })
