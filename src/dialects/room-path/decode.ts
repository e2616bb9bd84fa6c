import { z } from "zod"
import { MESSAGE_TYPES } from "../../protocol/entities"
import { ChatError } from "../../protocol/errors"
import { LIMITS } from "../../protocol/limits"
import { parseJson } from "../../protocol/parse-json"
import { CLAIM_FIELDS, claimsIn, plainText, UserClaim } from "../../protocol/requests"
import { wrongShape } from "../../protocol/wrong-shape"
import type { Arrival, Decoded } from "../dialect"

/** The one frame of a client. What else is in it means nothing. */
const SentFrame = z.object({
  type: z.enum(MESSAGE_TYPES),
  content: plainText(1, LIMITS.frameBytesMax),
  ...CLAIM_FIELDS,
  user_id: UserClaim.optional(),
})

/** Reads `{type, content, user_id?}`: a message to the room of the address. */
export function decode(input: string | Buffer, arrival: Arrival["command"] = null): Decoded {
  if (arrival === null) return invalid(new ChatError("room_not_found"))
  if (typeof input !== "string") return malformed("frames are text, this one is binary")
  const json = parseJson(input)
  if (json === undefined) return malformed("the frame is not valid JSON")
  const frame = SentFrame.safeParse(json)
  if (!frame.success) return invalid(wrongShape(frame.error))
  const { type, content } = frame.data
  const draft = { roomId: arrival.roomId, content, type, clientId: null, metadata: null }
  return {
    kind: "command",
    ref: undefined,
    command: { type: "message.send", draft, fromInside: true },
    ...claimsIn(frame.data),
  }
}

const invalid = (error: ChatError): Decoded => ({ kind: "invalid", ref: undefined, error })

const malformed = (detail: string): Decoded => invalid(new ChatError("invalid_request", { detail }))
