import type { Socket } from "socket.io"
import type { EngineSocket } from "../../wire/engine-io/socket"
import type { Line } from "../connection"

/**
 * A session as what carries a connection's frames; Bun's WebSocket is one as it is. A class, for
 * its methods cost nothing per connection (bench/ `idle`).
 */
export class SessionLine implements Line {
  constructor(
    private readonly socket: Socket,
    private readonly session: EngineSocket,
  ) {}

  send(frame: string): number {
    return this.session.sendFrame(frame)
  }

  subscribe(topic: string): boolean {
    return this.session.subscribe(topic)
  }

  unsubscribe(topic: string): void {
    this.session.unsubscribe(topic)
  }

  get subscriptions(): readonly string[] {
    return this.session.subscriptions
  }

  getBufferedAmount(): number {
    return this.session.unreadBytes
  }

  ping(): void {
    // The engine has its own pings.
  }

  close(): void {
    // Socket.IO knows no codes: what there is to say has been said.
    this.socket.disconnect(true)
  }

  terminate(): void {
    this.session.close(true)
  }
}
