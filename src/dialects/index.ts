import type { Dialect, SocketIoDialect, StreamVoice } from "./dialect"
import { gatewayEvents } from "./gateway-events"
import { native, nativeStream } from "./native"
import { createRoomCommands } from "./room-commands"
import { createRoomPath } from "./room-path"
import { createSocketIoConversations } from "./socketio-conversations"
import { createSocketIoRooms } from "./socketio-rooms"

/** What of the settings shows in frames and addresses. */
export interface DialectSettings {
  /** Where `room-commands` is spoken. */
  readonly roomCommandsPath: string
  /** Of rooms that `room-commands` makes without saying. */
  readonly usersMaxDefault: number
  /** Whether those in a room see each other's addresses, where a protocol shows them. */
  readonly showsEmails: boolean
  /** Users and rooms are made as they are named. */
  readonly trustsClaims: boolean
  /** Of Socket.IO. */
  readonly namespace: string
  /** How often Socket.IO clients are pinged by an event of their own; 0: never. */
  readonly socketIoHeartbeatMs: number
}

export interface Dialects {
  readonly raw: readonly Dialect[]
  /** The second speaks for sockets that connected with a `userId`, the first for all others. */
  readonly socketIo: readonly SocketIoDialect[]
  /** Server-Sent Events. */
  readonly stream: StreamVoice
}

/** Every protocol that is spoken. Adding one is a folder and a line here. */
export function createDialects(settings: DialectSettings): Dialects {
  const raw = [native, createRoomCommands(settings), createRoomPath(settings), gatewayEvents]
  // In this order: see `Dialects`.
  const socketIo = [createSocketIoRooms(settings), createSocketIoConversations(settings)]
  return { raw, socketIo, stream: nativeStream }
}
