import type { Frame, Packet } from "./packet"

/** Why a session ended, in the words of Socket.IO's `disconnect` event. */
export type CloseReason =
  | "transport error"
  | "transport close"
  | "forced close"
  | "ping timeout"
  | "parse error"

/** What carries the frames of a session: polls, or a WebSocket. */
export interface Transport {
  readonly name: "polling" | "websocket"
  /** What is sent now leaves now. Socket.IO drops volatile packets otherwise. */
  readonly writable: boolean
  /** What was sent and has not left this process. */
  readonly unreadBytes: number
  /** As Bun's `ws.send`: -1 when it is kept for later, 0 when it is lost, else its length. */
  send(frame: Frame): number
  /** Says goodbye and is done. Calls nobody back. */
  end(reason: CloseReason): void
}

/** Whoever a WebSocket belongs to: a newcomer, an upgrade that is not complete, a session. */
export interface WebSocketOwner {
  onOpen(): void
  /** Null: what came is no packet. */
  onPacket(packet: Packet | null): void
  onDrain(): void
  onGone(reason: CloseReason): void
}
