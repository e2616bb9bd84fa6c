import { encodePacket, type Packet } from "./packet"
import type { WebSocketOwner } from "./transport"
import type { WebSocketTransport } from "./websocket"

const PROBE = "probe"

export interface UpgradeEvents {
  /** The WebSocket works. From now on polls only delay. */
  onProbed(): void
  onUpgraded(transport: WebSocketTransport): void
  onUpgradeFailed(): void
}

/**
 * A WebSocket that a polling session may move to: probed first, then taken with the packet
 * `upgrade`. Whatever goes wrong ends this WebSocket alone.
 */
export class Upgrade implements WebSocketOwner {
  private isProbed = false

  constructor(
    private readonly transport: WebSocketTransport,
    private readonly events: UpgradeEvents,
    readonly dueAt: number,
  ) {}

  onOpen(): void {
    return
  }

  onPacket(packet: Packet | null): void {
    if (packet?.type === "ping" && packet.data === PROBE) {
      this.transport.send(encodePacket("pong", PROBE))
      this.isProbed = true
      this.events.onProbed()
      return
    }
    if (packet?.type === "upgrade" && this.isProbed) {
      this.events.onUpgraded(this.transport)
      return
    }
    this.fail()
  }

  onDrain(): void {
    return
  }

  onGone(): void {
    this.events.onUpgradeFailed()
  }

  fail(): void {
    this.transport.end("transport error")
    this.events.onUpgradeFailed()
  }
}
