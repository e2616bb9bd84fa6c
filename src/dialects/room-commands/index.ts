import type { Dialect } from "../dialect"
import { createDecoder, type DecodeSettings } from "./decode"
import { createEncoder, type EncodeSettings } from "./encode"

export interface RoomCommandsSettings extends DecodeSettings, EncodeSettings {
  /** Where it is spoken. */
  readonly roomCommandsPath: string
}

/** `{type, data}` over a WebSocket, one room at a time: see the README beside this file. */
export function createRoomCommands(settings: RoomCommandsSettings): Dialect {
  return {
    name: "room-commands",
    entrances: [{ path: settings.roomCommandsPath, isForGateways: false }],
    subprotocol: null,
    allowsLateAuthentication: false,
    heartbeatMs: 0,
    hearsWhoIsOnline: false,
    livesInOneRoom: false,
    arrive: () => ({ claim: null, command: null }),
    greet: () => [],
    decode: createDecoder(settings),
    ...createEncoder(settings),
  }
}
