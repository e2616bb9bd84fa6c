import type { WebSocketOwner } from "./transport"

/** A WebSocket that Bun has yet to open: there is no session before. */
export class Newcomer implements WebSocketOwner {
  constructor(private readonly accept: () => void) {}

  onOpen(): void {
    this.accept()
  }

  onPacket(): void {
    return
  }

  onDrain(): void {
    return
  }

  onGone(): void {
    return
  }
}
