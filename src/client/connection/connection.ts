import type { OkData, ServerFrame } from "../../protocol/server-frames"
import type { ClientFrame } from "../../protocol/socket-frames"
import type { ConnectionState } from "../client"
import type { Live } from "../live"

/** A client's frame without what the connection adds itself. */
export type Asked = { [Type in ClientFrame["type"]]: Extract<ClientFrame, { type: Type }>["data"] }
/** What is told; answers go to who asked. */
export type Told = Exclude<ServerFrame, { type: "ok" | "error" | "hello" }>

/** The live connection: one socket at a time, opened again for as long as it is wanted. */
export interface Connection {
  readonly state: Live<ConnectionState>
  start(): void
  stop(): void
  /**
   * Asks on the socket that is open; rejects with a `ParleyError`: what the server answered, or
   * `offline` where there is no socket, or none any more before the answer came.
   */
  ask<Type extends keyof Asked>(type: Type, data: Asked[Type]): Promise<OkData>
  /** Each event, in the order of its coming. */
  onTold(listener: (frame: Told) => void): () => void
  /**
   * Run on each new socket after `hello`, before the state is `live`: here rooms are subscribed to
   * and what was missed is fetched. A rejection closes the socket, and it is tried again.
   */
  onOpen(resume: () => Promise<void>): () => void
}
