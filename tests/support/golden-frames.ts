import * as gatewayEvents from "../../src/dialects/gateway-events/examples"
import * as roomCommands from "../../src/dialects/room-commands/examples"
import * as roomPath from "../../src/dialects/room-path/examples"
import * as conversations from "../../src/dialects/socketio-conversations/examples"
import * as socketIoRooms from "../../src/dialects/socketio-rooms/examples"

/** What is sent, by the name that tells it from others: a type, or the name of an event. */
export interface Sent {
  readonly name: string
  readonly content: unknown
}

/** The golden frames of a protocol, as its page shows them. */
export interface GoldenFrames {
  readonly client: readonly Sent[]
  readonly server: readonly Sent[]
}

interface Framed {
  readonly frame: object | null
}

interface Said {
  readonly said: readonly [string, object] | null
}

interface Input {
  readonly input: { readonly event: string; readonly payload: unknown }
}

/** Frames as they are on the wire, named by their field `key`. */
const framesOf = (key: "type" | "event", ...tables: readonly Readonly<Record<string, Framed>>[]) =>
  tables.flatMap((table) =>
    Object.values(table).flatMap(({ frame }) =>
      frame === null ? [] : [{ name: String(Reflect.get(frame, key)), content: frame }],
    ),
  )

const saidIn = (...tables: readonly Readonly<Record<string, Said>>[]): readonly Sent[] =>
  tables.flatMap((table) =>
    Object.values(table).flatMap(({ said }) =>
      said === null ? [] : [{ name: said[0], content: said[1] }],
    ),
  )

const inputsOf = (table: Readonly<Record<string, Input>>): readonly Sent[] =>
  Object.values(table).map(({ input: { event, payload } }) => ({ name: event, content: payload }))

/** By the names of the protocols, which are those of their pages. */
export const GOLDEN_FRAMES: Readonly<Record<string, GoldenFrames>> = {
  "room-commands": {
    client: framesOf("type", roomCommands.CLIENT_EXAMPLES),
    server: framesOf(
      "type",
      roomCommands.EVENT_EXAMPLES,
      roomCommands.MESSAGE_EXAMPLES,
      roomCommands.REPLY_EXAMPLES,
      roomCommands.SIGNAL_EXAMPLES,
    ),
  },
  "gateway-events": {
    client: framesOf("event", gatewayEvents.CLIENT_EXAMPLES),
    server: framesOf(
      "event",
      gatewayEvents.EVENT_EXAMPLES,
      gatewayEvents.REPLY_EXAMPLES,
      gatewayEvents.SIGNAL_EXAMPLES,
    ),
  },
  "room-path": {
    client: framesOf("type", roomPath.CLIENT_EXAMPLES),
    server: framesOf(
      "type",
      roomPath.EVENT_EXAMPLES,
      { system: roomPath.SYSTEM_EXAMPLE },
      roomPath.REPLY_EXAMPLES,
      roomPath.SIGNAL_EXAMPLES,
    ),
  },
  "socketio-rooms": {
    client: inputsOf(socketIoRooms.CLIENT_EXAMPLES),
    server: saidIn(
      socketIoRooms.EVENT_EXAMPLES,
      Object.fromEntries(
        Object.values(socketIoRooms.REPLY_EXAMPLES)
          .flatMap(({ answer, besides }) => [answer, ...besides])
          .map((said) => [said[0], { said }]),
      ),
      socketIoRooms.SIGNAL_EXAMPLES,
    ),
  },
  "socketio-conversations": {
    client: inputsOf(conversations.CLIENT_EXAMPLES),
    server: saidIn(
      conversations.EVENT_EXAMPLES,
      conversations.REPLY_EXAMPLES,
      conversations.SIGNAL_EXAMPLES,
      Object.fromEntries(conversations.ERROR_EXAMPLES.entries()),
    ),
  },
}
