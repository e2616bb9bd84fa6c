import { ackFrame, ackFrameOfJson, eventFrame, eventFrameOfJson } from "../wire/socket-io/frames"
import type { EventRef, Frame, Ref } from "./dialect"

/** Whether the client asked for an acknowledgement. */
const isAcknowledged = (ref: Ref): ref is EventRef & { readonly ackId: number } =>
  typeof ref === "object" && ref.ackId !== undefined

/**
 * How protocols over Socket.IO say things: events, and acknowledgements where they were asked for.
 * What is JSON already is not encoded again.
 */
export const createWords = (namespace: string) => ({
  tell: (event: string, payload: unknown): Frame => eventFrame(namespace, event, payload),
  tellJson: (event: string, json: string): Frame => eventFrameOfJson(namespace, event, json),
  acknowledge: (ref: Ref, payload: unknown): readonly Frame[] =>
    isAcknowledged(ref) ? [ackFrame(namespace, ref.ackId, payload)] : [],
  acknowledgeJson: (ref: Ref, json: string): readonly Frame[] =>
    isAcknowledged(ref) ? [ackFrameOfJson(namespace, ref.ackId, json)] : [],
})
