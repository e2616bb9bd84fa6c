import type { SocketIoDialect } from "../dialect"
import { decode, speaks } from "./decode"
import { createEncoder } from "./encode"

export interface SocketIoRoomsSettings {
  readonly namespace: string
  /** How often clients are pinged by an event; 0: never. */
  readonly socketIoHeartbeatMs: number
}

/** Rooms over Socket.IO: see README.md beside this. */
export function createSocketIoRooms(settings: SocketIoRoomsSettings): SocketIoDialect {
  return {
    name: "socketio-rooms",
    heartbeatMs: settings.socketIoHeartbeatMs,
    hearsWhoIsOnline: true,
    livesInOneRoom: false,
    greet: () => [],
    speaks,
    decode,
    ...createEncoder(settings.namespace),
  }
}
