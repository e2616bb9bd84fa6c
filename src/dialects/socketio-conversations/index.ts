import type { SocketIoDialect } from "../dialect"
import { decode, speaks } from "./decode"
import { createEncoder } from "./encode"

export interface SocketIoConversationsSettings {
  readonly namespace: string
  /** How often clients are pinged by an event; 0: never. */
  readonly socketIoHeartbeatMs: number
}

/** Conversations of two over Socket.IO: see README.md beside this. */
export function createSocketIoConversations({
  namespace,
  socketIoHeartbeatMs,
}: SocketIoConversationsSettings): SocketIoDialect {
  return {
    name: "socketio-conversations",
    heartbeatMs: socketIoHeartbeatMs,
    hearsWhoIsOnline: true,
    livesInOneRoom: false,
    greet: () => [],
    speaks,
    decode,
    ...createEncoder(namespace),
  }
}
