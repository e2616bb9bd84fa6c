import type { Direction, Layer } from "./frame-log"
import type { Outgoing } from "./protocols"

export interface Heard {
  readonly direction: Exclude<Direction, "note">
  readonly layer: Layer
  readonly name: string
  readonly text: string
  readonly isTrouble: boolean
  /** What forms may learn from; undefined: nothing that was read. */
  readonly content?: unknown
}

/** Why a line ended. `isRefused`: it was never open, and a browser does not say why. */
export type Ending =
  | {
      readonly kind: "websocket"
      readonly code: number
      readonly reason: string
      readonly isRefused: boolean
    }
  | {
      readonly kind: "socket.io"
      readonly reason: string
      /** What the server answered instead of letting one in. */
      readonly status: number | null
      readonly isRefused: boolean
    }

export interface LineEvents {
  onOpen(): void
  onHeard(heard: Heard): void
  /** Once, and nothing comes after it. */
  onEnd(ending: Ending): void
}

/** One connection, whatever carries it. */
export interface Line {
  send(outgoing: Outgoing, options: SendOptions): void
  close(): void
}

export interface SendOptions {
  /** Over Socket.IO: the answer comes as an acknowledgement, too. */
  readonly wantsAck: boolean
}

export interface LineWishes {
  readonly url: string
  /** What is offered as the WebSocket's subprotocol. */
  readonly subprotocol?: string
  /** Of Socket.IO: what its handshake carries. */
  readonly auth?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  /** Of Socket.IO: begins by polling, or is a WebSocket from the start. */
  readonly transports?: readonly ("polling" | "websocket")[]
}

export type OpenLine = (wishes: LineWishes, events: LineEvents) => Line
