/** What a packet of Engine.IO may be. Source: engine.io-protocol v4, "Packet encoding". */
export type PacketType = "open" | "close" | "ping" | "pong" | "message" | "upgrade" | "noop"

export interface Packet {
  readonly type: PacketType
  /** Empty where the type says all. Bytes only in a message. */
  readonly data: string | Uint8Array
}

/** As it goes over the wire: text, or bytes, which are a message without a type. */
export type Frame = string | Uint8Array

const TYPES: readonly PacketType[] = ["open", "close", "ping", "pong", "message", "upgrade", "noop"]

/** What a message of text begins with. */
export const MESSAGE = "4"

/** What bytes begin with where only text can go. */
const BINARY_MARK = "b"
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** Null: it is no packet. */
export function decodePacket(frame: Frame): Packet | null {
  if (typeof frame !== "string") return { type: "message", data: frame }
  if (frame.startsWith(BINARY_MARK)) {
    const text = frame.slice(1)
    return BASE64.test(text) ? { type: "message", data: Buffer.from(text, "base64") } : null
  }
  const type = TYPES[frame.charCodeAt(0) - 48]
  return type === undefined ? null : { type, data: frame.slice(1) }
}

/** A packet as a WebSocket carries it: bytes go as they are. */
export function encodePacket(type: PacketType, data: string | Uint8Array = ""): Frame {
  return typeof data === "string" ? `${TYPES.indexOf(type)}${data}` : data
}

/** A frame as HTTP carries it. */
export function asText(frame: Frame): string {
  if (typeof frame === "string") return frame
  const { buffer, byteOffset, byteLength } = frame
  return BINARY_MARK + Buffer.from(buffer, byteOffset, byteLength).toString("base64")
}
