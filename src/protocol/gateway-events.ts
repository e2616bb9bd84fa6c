/** What the REST of the protocol `gateway-events` takes and answers. Names are its document's. */
import { z } from "zod"
import { LIMITS } from "./limits"
import { plainText, RoomIdText } from "./requests"

export const SystemMessageBody = z.object({
  roomId: RoomIdText,
  message: plainText(1, LIMITS.frameBytesMax),
})

export const SystemMessageAnswer = z.object({ id: z.string() })

export const GatewayStats = z.object({ connectedUsers: z.int().nonnegative() })
