import type { Dialect } from "../dialect"
import { decode } from "./decode"
import { encodeError, encodeEvent, encodeReply, encodeSignal } from "./encode"

/** `{event, data}`, as chat clients behind a gateway speak it. Its document knows no heartbeat. */
export const gatewayEvents: Dialect = {
  name: "gateway-events",
  entrances: [
    { path: "/chat/ws", isForGateways: false },
    { path: "/ws", isForGateways: true },
  ],
  subprotocol: null,
  allowsLateAuthentication: false,
  heartbeatMs: 0,
  hearsWhoIsOnline: false,
  livesInOneRoom: false,
  arrive: () => ({ claim: null, command: null }),
  greet: () => [],
  decode,
  encodeEvent,
  encodeSignal,
  encodeReply,
  encodeError,
}
