import { asText, decodePacket, type Frame, type Packet } from "./packet"

/** Packets that travel together over HTTP. Source: engine.io-protocol v4, "Payload encoding". */
const SEPARATOR = "\x1e"

/**
 * All packets of the body of a POST. Null when one of them is none, or when there are more than
 * so many: a separator is one byte, and a million empty packets are a million calls.
 */
export function decodePayload(text: string, packetsMax: number): readonly Packet[] | null {
  const packets: Packet[] = []
  let start = 0
  while (start <= text.length) {
    if (packets.length === packetsMax) return null
    const separator = text.indexOf(SEPARATOR, start)
    const end = separator === -1 ? text.length : separator
    const packet = decodePacket(text.slice(start, end))
    if (packet === null) return null
    packets.push(packet)
    start = end + 1
  }
  return packets
}

export const encodePayload = (frames: readonly Frame[]): string =>
  frames.map(asText).join(SEPARATOR)
