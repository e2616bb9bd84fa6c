import { SUBPROTOCOL } from "../../protocol/socket-frames"
import type { Dialect } from "../dialect"
import { decode } from "./decode"
import { encodeError, encodeEvent, encodeReply, encodeSignal, greet } from "./encode"

/** Parley's own protocol. It has a word for everything; docs/protocol.md describes it. */
export const native: Dialect = {
  name: "native",
  path: "/api/v1/ws",
  subprotocol: SUBPROTOCOL,
  allowsLateAuthentication: true,
  greet,
  decode,
  encodeEvent,
  encodeSignal,
  encodeReply,
  encodeError,
}
