import { ChatError } from "../../protocol/errors"
import { asRoomId } from "../../protocol/ids"
import { RoomIdText } from "../../protocol/requests"
import type { Arrival, Dialect } from "../dialect"
import { decode } from "./decode"
import { encodeError, encodeEvent, encodeReply, encodeSignal } from "./encode"

export interface RoomPathSettings {
  /** Rooms come about as they are named in the address. */
  readonly trustsClaims: boolean
}

/** What is told of the room before anything that comes. */
const HISTORY_MESSAGES = 50

/** A room and a user in the address, and plain messages: `room-path`, beside the native REST. */
export function createRoomPath({ trustsClaims }: RoomPathSettings): Dialect {
  function arrive(params: Readonly<Record<string, string>>): Arrival | ChatError {
    const room = RoomIdText.safeParse(params.room_id)
    if (!room.success) {
      const message = "must be 1 to 100 letters, digits or _ - ., and not . or .."
      return new ChatError("invalid_request", { problems: [{ path: "room_id", message }] })
    }
    return {
      claim: params.user_id ?? "",
      command: {
        type: "room.join",
        roomId: asRoomId(room.data),
        createsMissing: trustsClaims,
        isExclusive: false,
        historyLimit: HISTORY_MESSAGES,
        countsReturns: false,
      },
    }
  }

  return {
    name: "room-path",
    entrances: [{ path: "/api/v1/ws/:room_id/:user_id", isForGateways: false }],
    subprotocol: null,
    allowsLateAuthentication: false,
    heartbeatMs: 0,
    hearsWhoIsOnline: false,
    livesInOneRoom: true,
    arrive,
    // The history is the first frame, and says all that a greeting could.
    greet: () => [],
    decode,
    encodeEvent,
    encodeSignal,
    encodeReply,
    encodeError,
  }
}
