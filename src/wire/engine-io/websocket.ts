import type { ServerWebSocket } from "bun"
import { decodePacket, type Frame } from "./packet"
import type { CloseReason, Transport, WebSocketOwner } from "./transport"

/** Of RFC 6455: what came is larger than we take. */
const TOO_LARGE = 1009
const OPEN = 1

/**
 * A WebSocket, as the `data` of Bun's: `open`, `message`, `drain`, `close` and `pong` are called
 * by whoever serves (sockets/routes does the same for raw sockets).
 */
export class WebSocketTransport implements Transport {
  owner: WebSocketOwner | null = null
  private ws: ServerWebSocket<unknown> | null = null

  constructor(private readonly payloadBytesMax: number) {}

  get name() {
    return "websocket" as const
  }

  get writable(): boolean {
    return this.ws !== null
  }

  get unreadBytes(): number {
    return this.ws?.getBufferedAmount() ?? 0
  }

  get subscriptions(): readonly string[] {
    return this.ws?.subscriptions ?? []
  }

  send(frame: Frame): number {
    return this.ws?.send(frame) ?? 0
  }

  subscribe(topic: string): boolean {
    return this.ws?.subscribe(topic) ?? false
  }

  unsubscribe(topic: string): void {
    if (this.ws?.readyState === OPEN) this.ws.unsubscribe(topic)
  }

  isSubscribed(topic: string): boolean {
    return this.ws?.isSubscribed(topic) ?? false
  }

  end(reason: CloseReason): void {
    const { ws } = this
    this.ws = null
    this.owner = null
    // Who does not answer to pings does not answer to a goodbye.
    if (reason === "ping timeout") ws?.terminate()
    else ws?.close()
  }

  open(ws: ServerWebSocket<unknown>): void {
    if (this.owner === null) {
      ws.close()
      return
    }
    this.ws = ws
    this.owner.onOpen()
  }

  message(ws: ServerWebSocket<unknown>, input: string | Buffer): void {
    if (this.owner === null) return
    if (Buffer.byteLength(input) > this.payloadBytesMax) {
      const { owner } = this
      this.ws = null
      this.owner = null
      ws.close(TOO_LARGE)
      owner.onGone("transport error")
      return
    }
    this.owner.onPacket(decodePacket(input))
  }

  drain(): void {
    this.owner?.onDrain()
  }

  close(): void {
    const { owner } = this
    this.ws = null
    this.owner = null
    owner?.onGone("transport close")
  }

  /** Of WebSocket's own pings, which may be the host's. Engine.IO has its own. */
  pong(): void {
    return
  }
}
