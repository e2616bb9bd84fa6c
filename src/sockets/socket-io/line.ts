import type { Socket } from "socket.io"
import type { EngineSocket } from "../../wire/engine-io/socket"
import type { Line } from "../connection"

/** A session as what carries a connection's frames; Bun's WebSocket is one as it is. */
export function createLine(socket: Socket, session: EngineSocket): Line {
  return {
    send: (frame) => session.sendFrame(frame),
    subscribe: (topic) => session.subscribe(topic),
    unsubscribe: (topic) => session.unsubscribe(topic),
    get subscriptions() {
      return session.subscriptions
    },
    getBufferedAmount: () => session.unreadBytes,
    // The engine has its own pings.
    ping: () => undefined,
    // Socket.IO knows no codes: what there is to say has been said.
    close: () => {
      socket.disconnect(true)
    },
    terminate: () => session.close(true),
  }
}
