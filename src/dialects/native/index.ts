import { LIMITS } from "../../protocol/limits"
import { SUBPROTOCOL } from "../../protocol/socket-frames"
import type { Dialect, StreamVoice } from "../dialect"
import { decode } from "./decode"
import { encodeError, encodeEvent, encodeReply, encodeSignal, greet } from "./encode"
import { encodeClosed, encodeLive, encodeSnapshot } from "./stream"

/** Parley's own protocol. It has a word for everything; docs/protocol.md describes it. */
export const native: Dialect = {
  name: "native",
  entrances: [{ path: "/api/v1/ws", isForGateways: false }],
  subprotocol: SUBPROTOCOL,
  allowsLateAuthentication: true,
  heartbeatMs: LIMITS.heartbeatMs,
  hearsWhoIsOnline: false,
  livesInOneRoom: false,
  arrive: () => ({ claim: null, command: null }),
  greet,
  decode,
  encodeEvent,
  encodeSignal,
  encodeReply,
  encodeError,
}

/** The same over Server-Sent Events, for clients without WebSocket. */
export const nativeStream: StreamVoice = {
  voice: native,
  encodeSnapshot,
  encodeLive,
  encodeClosed,
}
