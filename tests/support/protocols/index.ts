import { gatewayEventsProtocol } from "./gateway-events"
import { nativeProtocol } from "./native"
import { roomCommandsProtocol } from "./room-commands"
import { roomPathProtocol } from "./room-path"
import { socketIoConversationsProtocol } from "./socketio-conversations"
import { socketIoRoomsProtocol } from "./socketio-rooms"
import type { Protocol } from "./speaker"

/** Every protocol, over every transport. */
export const PROTOCOLS: readonly Protocol[] = [
  nativeProtocol,
  roomCommandsProtocol,
  socketIoRoomsProtocol("websocket"),
  socketIoRoomsProtocol("polling"),
  roomPathProtocol,
  socketIoConversationsProtocol("websocket"),
  socketIoConversationsProtocol("polling"),
  gatewayEventsProtocol,
]

/** Every protocol once. */
export const ONE_OF_EACH: readonly Protocol[] = PROTOCOLS.filter(
  ({ title }) => !title.endsWith("polling"),
)
