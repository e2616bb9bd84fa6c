import { assertNever } from "../../protocol/assert-never"
import { FollowedTopics } from "./followed-topics"
import type { HandshakeRequest } from "./handshake-request"
import { Heartbeat } from "./heartbeat"
import { type Listener, Listeners } from "./listeners"
import { encodePacket, type Packet } from "./packet"
import { PollingTransport } from "./polling"
import type { Surroundings } from "./surroundings"
import type { CloseReason, WebSocketOwner } from "./transport"
import { Upgrade } from "./upgrade"
import { WebSocketTransport } from "./websocket"

const PING = encodePacket("ping")

export interface EngineSocketOptions {
  readonly id: string
  readonly request: HandshakeRequest
  /** Null: it polls. */
  readonly webSocket: WebSocketTransport | null
  readonly around: Surroundings
}

/**
 * One session of Engine.IO, whatever carries it. To Socket.IO it is what a socket of the official
 * engine is (`conn`); to us it is a socket that follows topics, as Bun's are.
 *
 * Events: `data` (what a message holds), `close` (reason, description), `upgrade` (transport),
 * `packet`, `packetCreate`, `heartbeat`, `drain` (it has taken some of what waited; or a poll was
 * answered). A listener that throws is reported and harms nobody. Ten thousand are idle at once:
 * what can come later is made when it is needed.
 */
export class EngineSocket implements WebSocketOwner {
  /** Who knows it can poll in this client's name: never for a log. */
  readonly id: string
  /** Of the handshake. It may hold credentials: never for a log. */
  readonly request: HandshakeRequest
  transport: PollingTransport | WebSocketTransport
  readyState: "open" | "closing" | "closed" = "open"
  private readonly around: Surroundings
  private readonly listeners = new Listeners()
  private readonly heartbeat: Heartbeat
  private readonly topics: FollowedTopics
  private upgrading: Upgrade | null = null
  /** Until when its last words wait for a poll; 0: it is not closing. */
  private closeBy = 0

  constructor({ id, request, webSocket, around }: EngineSocketOptions) {
    this.id = id
    this.request = request
    this.around = around
    this.topics = new FollowedTopics(around.pollers)
    this.heartbeat = new Heartbeat(around.now(), around.settings)
    const { bufferedBytesMax } = around.settings
    this.transport = webSocket ?? new PollingTransport(bufferedBytesMax, this)
    if (webSocket !== null) webSocket.owner = this
  }

  /** Of Engine.IO: Socket.IO asks, and serves 3 differently. */
  get protocol(): 4 {
    return 4
  }

  get remoteAddress(): string {
    return this.request.connection.remoteAddress
  }

  /** What it was told and has not taken yet. */
  get unreadBytes(): number {
    return this.transport.unreadBytes
  }

  get subscriptions(): readonly string[] {
    return this.topics.all(this.transport)
  }

  /** False: it is closed. */
  subscribe(topic: string): boolean {
    return this.readyState === "open" && this.topics.add(this.transport, topic)
  }

  unsubscribe(topic: string): void {
    this.topics.remove(this.transport, topic)
  }

  isSubscribed(topic: string): boolean {
    return this.topics.has(this.transport, topic)
  }

  /**
   * Sends a whole packet that somebody has encoded (`42/chat,["x",{}]`), after all it was told
   * before, sent or published. As Bun's `ws.send`: -1 when a part has to wait, 0 when it is
   * closed, else the length.
   */
  sendFrame(frame: string): number {
    return this.readyState === "open" ? this.transport.send(frame) : 0
  }

  send(data: string | Uint8Array | ArrayBuffer): this {
    return this.write(data)
  }

  write(data: string | Uint8Array | ArrayBuffer): this {
    if (this.readyState !== "open") return this
    const content = data instanceof ArrayBuffer ? new Uint8Array(data) : data
    if (this.listeners.has("packetCreate")) {
      this.emit("packetCreate", { type: "message", data: content })
    }
    this.transport.send(encodePacket("message", content))
    return this
  }

  /** Says all that it was told, and goodbye. With `discard` it waits for no poll to fetch that. */
  close(discard = false): void {
    if (this.readyState === "closed" || (this.readyState === "closing" && !discard)) return
    const { transport } = this
    if (discard || transport instanceof WebSocketTransport) {
      this.finish("forced close")
      return
    }
    if (transport.endInOrder()) {
      this.finish("forced close")
      return
    }
    this.leaveTopics()
    this.readyState = "closing"
    this.closeBy = this.around.now() + this.around.settings.closeTimeoutMs
  }

  onOpen(): void {
    return
  }

  /** Null: what came is no packet. */
  onPacket(packet: Packet | null): void {
    // Who heard its last words may say goodbye before it fetches ours.
    if (this.readyState === "closing" && packet?.type === "close") this.finish("forced close")
    if (this.readyState !== "open") return
    if (packet === null) {
      this.finish("parse error")
      return
    }
    if (this.listeners.has("packet")) this.emit("packet", packet)
    switch (packet.type) {
      case "message":
        this.emit("data", packet.data)
        return
      case "pong":
        this.heartbeat.heard(this.around.now(), this.around.settings)
        this.emit("heartbeat")
        return
      case "close":
        this.finish("transport close")
        return
      case "ping":
        // Since version 4 it is the server that pings.
        this.finish("transport error")
        return
      case "open":
      case "upgrade":
      case "noop":
        return
      default:
        assertNever(packet.type)
    }
  }

  onDrain(): void {
    this.emit("drain")
  }

  onGone(reason: CloseReason): void {
    this.finish(reason)
  }

  /** From a POST or a poll that is against the protocol, or was given up. */
  onBroken(): void {
    this.finish("transport error")
  }

  /** Whether a WebSocket may be opened for it: it polls, and none is on its way. */
  get isUpgradable(): boolean {
    return (
      this.readyState === "open" &&
      this.upgrading === null &&
      this.transport instanceof PollingTransport
    )
  }

  beginUpgrade(webSocket: WebSocketTransport): void {
    const { now, settings } = this.around
    this.upgrading = new Upgrade(webSocket, this, now() + settings.upgradeTimeoutMs)
    webSocket.owner = this.upgrading
  }

  onProbed(): void {
    if (this.transport instanceof PollingTransport) this.transport.hurry()
  }

  onUpgradeFailed(): void {
    this.upgrading = null
    if (this.transport instanceof PollingTransport) this.transport.hurriesPolls = false
  }

  /**
   * Nothing is lost, doubled or overtaken, because all of it is one step: what waits goes first,
   * then the WebSocket follows the topics, and nobody can publish in between.
   */
  onUpgraded(webSocket: WebSocketTransport): void {
    const { transport } = this
    if (!(transport instanceof PollingTransport)) return
    this.upgrading = null
    this.transport = webSocket
    webSocket.owner = this
    for (const frame of transport.leave()) webSocket.send(frame)
    this.topics.move(transport, webSocket)
    if (this.readyState === "closing") {
      this.finish("forced close")
      return
    }
    this.emit("upgrade", webSocket)
  }

  /** Pings, and ends what is overdue. With `forgives` nobody ends for want of a pong. */
  look(now: number, forgives: boolean): void {
    if (this.upgrading !== null && now >= this.upgrading.dueAt) this.upgrading.fail()
    if (this.closeBy > 0 && now >= this.closeBy) {
      this.finish("forced close")
      return
    }
    if (this.readyState !== "open") return
    const verdict = this.heartbeat.ask(now, this.around.settings)
    if (verdict === "ping") this.transport.send(PING)
    if (verdict === "dead" && !forgives) this.finish("ping timeout")
  }

  /** The end, however it came. Once. */
  finish(reason: CloseReason): void {
    if (this.readyState === "closed") return
    this.readyState = "closed"
    this.leaveTopics()
    this.upgrading?.fail()
    this.transport.end(reason)
    this.around.forget(this)
    this.emit("close", reason)
    this.listeners.clear()
  }

  private leaveTopics(): void {
    for (const topic of this.subscriptions) this.unsubscribe(topic)
  }

  on(event: string, listener: Listener): this {
    this.listeners.add(event, listener)
    return this
  }

  once(event: string, listener: Listener): this {
    this.listeners.addOnce(event, listener)
    return this
  }

  off(event: string, listener: Listener): this {
    return this.removeListener(event, listener)
  }

  removeListener(event: string, listener: Listener): this {
    this.listeners.remove(event, listener)
    return this
  }

  emit(event: string, ...args: readonly unknown[]): boolean {
    return this.listeners.emit(event, args, this.around.report)
  }
}
