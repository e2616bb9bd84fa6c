import type { Pollers } from "./pollers"
import { PollingTransport } from "./polling"
import type { WebSocketTransport } from "./websocket"

type Carrier = PollingTransport | WebSocketTransport

const NONE: ReadonlySet<string> = new Set()

/** The topics of a session: a WebSocket knows its own, and for polls they are kept here. */
export class FollowedTopics {
  private polled: Set<string> | null = null

  constructor(private readonly pollers: Pollers) {}

  all(carrier: Carrier): readonly string[] {
    return carrier instanceof PollingTransport ? [...(this.polled ?? NONE)] : carrier.subscriptions
  }

  has(carrier: Carrier, topic: string): boolean {
    if (carrier instanceof PollingTransport) return this.polled?.has(topic) ?? false
    return carrier.isSubscribed(topic)
  }

  /** False: the WebSocket is closed. */
  add(carrier: Carrier, topic: string): boolean {
    if (!(carrier instanceof PollingTransport)) return carrier.subscribe(topic)
    this.polled ??= new Set()
    this.polled.add(topic)
    this.pollers.add(topic, carrier)
    return true
  }

  remove(carrier: Carrier, topic: string): void {
    if (!(carrier instanceof PollingTransport)) {
      carrier.unsubscribe(topic)
      return
    }
    if (this.polled?.delete(topic)) this.pollers.remove(topic, carrier)
  }

  /** From polls to a WebSocket, within one turn. */
  move(from: PollingTransport, to: WebSocketTransport): void {
    for (const topic of this.polled ?? NONE) {
      this.pollers.remove(topic, from)
      to.subscribe(topic)
    }
    this.polled = null
  }
}
