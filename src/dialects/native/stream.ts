import type { RoomStanding } from "../../protocol/replies"
import type { StreamFrame } from "../../protocol/socket-frames"
import type { Frame } from "../dialect"
import { presentSubscribedRoom } from "./encode"

const encode = (frame: StreamFrame): Frame => JSON.stringify(frame)

export const encodeSnapshot = (standing: RoomStanding): Frame =>
  encode({
    type: "snapshot",
    room_id: standing.roomId,
    data: presentSubscribedRoom(standing),
  })

export const encodeLive = (): Frame => encode({ type: "live", data: {} })

export const encodeClosed = (code: number, reason: string): Frame =>
  encode({ type: "closed", data: { code, reason } })
