import type { Dialect, SocketIoDialect } from "./dialect"
import { gatewayEvents } from "./gateway-events"
import { native } from "./native"
  const raw = [native, createRoomCommands(settings), createRoomPath(settings), gatewayEvents]
  // In this order: see `Dialects`.
  const socketIo = [createSocketIoRooms(settings), createSocketIoConversations(settings)]
  return { raw, socketIo }
}
