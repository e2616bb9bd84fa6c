import * as official from "socket.io-parser"
import { isWithinDepth } from "../../protocol/json"
import { OVERSIZED } from "./oversized"

export interface ParserLimits {
  /** Of one packet of text. */
  readonly textBytesMax: number
  /** Of one packet. */
  readonly attachmentsMax: number
  /** All attachments of one packet together. */
  readonly attachmentBytesMax: number
  /** Of the JSON: recursion over it costs stack, and everybody recurs over it. */
  readonly depthMax: number
}

type OnDecoded = (packet: official.Packet) => void

/**
 * The parser for `new Server({ parser })`: the official encoder, and a decoder that keeps within
 * limits. Where a packet breaks one, `add` throws, which is how Socket.IO's client is told to
 * close the connection.
 *
 * The official decoder bounds neither the bytes of attachments nor the depth of JSON, takes events
 * without a name, and `1 2` or a number of 400 digits for the id of an acknowledgement. What is
 * text is decoded by one decoder for all connections: it keeps nothing between two texts, and one
 * each costs memory.
 *
 * An event of too much text comes as its name with the payload `OVERSIZED`: it can be refused, and
 * a megabyte of `{},{},…` costs a second to read. Other packets of that size break a limit.
 */
export function createParser(limits: ParserLimits) {
  const options = { maxAttachments: limits.attachmentsMax }
  let decoded: official.Packet | null = null
  const keep: OnDecoded = (packet) => {
    decoded = packet
  }
  const texts = newOfficial()

  function newOfficial(): official.Decoder {
    const decoder = new official.Decoder(options)
    decoder.on("decoded", keep)
    return decoder
  }

  /** What this input completed, if anything. */
  function decode(decoder: official.Decoder, input: unknown): official.Packet | null {
    decoded = null
    decoder.add(input)
    const packet = decoded
    decoded = null
    return packet
  }

  class BoundedDecoder {
    private onDecoded: OnDecoded | null = null
    /** While attachments are to come. */
    private assembling: official.Decoder | null = null
    private attachmentBytes = 0

    on(_event: "decoded", listener: OnDecoded): void {
      this.onDecoded = listener
    }

    removeListener(): void {
      this.onDecoded = null
    }

    destroy(): void {
      this.assembling = null
    }

    /** Throws at what is no packet, or breaks a limit. */
    add(input: unknown): void {
      const packet = this.take(input)
      if (packet === null) return
      this.assembling = null
      if (needsList(packet) && !Array.isArray(packet.data)) throw new Error("nothing in it")
      if (packet.id !== undefined && !Number.isSafeInteger(packet.id)) {
        throw new Error("illegal id of an acknowledgement")
      }
      if (!isWithinDepth(packet.data, limits.depthMax)) throw new Error("nested too deeply")
      this.onDecoded?.(packet)
    }

    private take(input: unknown): official.Packet | null {
      const isText = typeof input === "string" && this.assembling === null
      if (isText && Buffer.byteLength(input) > limits.textBytesMax) return headOf(input)
      if (isText && !isBinaryText(input)) {
        return decode(texts, input)
      }
      if (this.assembling === null) {
        this.attachmentBytes = 0
        this.assembling = newOfficial()
      }
      if (input instanceof Uint8Array) {
        this.attachmentBytes += input.byteLength
        if (this.attachmentBytes > limits.attachmentBytesMax) {
          throw new Error("attachments too large")
        }
      }
      return decode(this.assembling, input)
    }
  }

  return {
    protocol: official.protocol,
    PacketType: official.PacketType,
    Encoder: official.Encoder,
    Decoder: BoundedDecoder,
  }
}

const needsList = ({ type }: official.Packet) =>
  type === official.PacketType.EVENT || type === official.PacketType.ACK

/** Whether attachments follow: BINARY_EVENT and BINARY_ACK. */
const isBinaryText = (text: string) => text.startsWith("5") || text.startsWith("6")

/** An event up to its name: namespace, id of an acknowledgement, name. */
const EVENT_HEAD = /^2(?:(\/[^,]{0,200}),)?(\d{1,16})?\["([\w:-]{1,64})"/

function headOf(text: string): official.Packet {
  const head = EVENT_HEAD.exec(text)
  if (head === null) throw new Error("too large")
  const [, nsp = "/", id, name] = head
  return {
    type: official.PacketType.EVENT,
    nsp,
    data: [name, OVERSIZED],
    ...(id === undefined ? {} : { id: Number(id) }),
  }
}
