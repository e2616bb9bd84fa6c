import { NUMBER_SLOT, TIME_SLOT } from "./orders"

// Any key but zero would do: one of the peers skips unmasking under a key of zeros.
const maskKey = [0x5a, 0xc3, 0x17, 0x8e] as const

const finalTextFrame = 0x81
const finalPongFrame = 0x8a
const digitZero = 0x30

/** A masked client frame. Source: RFC 6455, sections 5.2 and 5.3. */
export function maskedFrame(payload: Buffer, kind: "text" | "pong" = "text"): Buffer {
  const head = kind === "text" ? finalTextFrame : finalPongFrame
  return Buffer.concat([lengthHead(head, payload.length), Buffer.from(maskKey), masked(payload)])
}

/**
 * A run of equal messages, framed and masked once. Sending it again only writes new digits into
 * its slots, so making the load costs next to nothing beside receiving it.
 */
export class MessageBatch {
  readonly bytes: Buffer
  readonly #frameBytes: number
  readonly #payloadAt: number
  readonly #numberSlots: readonly number[]
  readonly #timeSlots: readonly number[]

  constructor(template: string, copies: number) {
    const payload = Buffer.from(template)
    const frame = maskedFrame(payload)
    this.bytes = Buffer.concat(Array.from({ length: copies }, () => frame))
    this.#frameBytes = frame.length
    this.#payloadAt = frame.length - payload.length
    this.#numberSlots = positionsOf(NUMBER_SLOT, payload)
    this.#timeSlots = positionsOf(TIME_SLOT, payload)
  }

  /** Writes the time into every message, and a number of its own, from `firstNumber` up. */
  stamp(sentMicros: number, firstNumber: number): void {
    let number = firstNumber
    for (let at = this.#payloadAt; at < this.bytes.length; at += this.#frameBytes) {
      for (const slot of this.#timeSlots) this.#write(at, slot, TIME_SLOT.length, sentMicros)
      for (const slot of this.#numberSlots) this.#write(at, slot, NUMBER_SLOT.length, number)
      number++
    }
  }

  #write(payloadAt: number, slot: number, width: number, value: number): void {
    let rest = value
    for (let position = slot + width - 1; position >= slot; position--) {
      const next = Math.floor(rest / 10)
      const digit = digitZero + rest - next * 10
      this.bytes[payloadAt + position] = digit ^ maskAt(position)
      rest = next
    }
  }
}

function lengthHead(head: number, length: number): Buffer {
  if (length < 126) return Buffer.from([head, 0x80 | length])
  if (length > 0xffff) throw new Error(`a bench message of ${length} bytes is too long`)
  return Buffer.from([head, 0x80 | 126, length >> 8, length & 0xff])
}

function masked(payload: Buffer): Buffer {
  return Buffer.from(payload.map((byte, position) => byte ^ maskAt(position)))
}

function maskAt(position: number): number {
  return maskKey[position & 3] ?? 0
}

function positionsOf(slot: string, payload: Buffer): number[] {
  const positions: number[] = []
  for (let at = payload.indexOf(slot); at >= 0; at = payload.indexOf(slot, at + slot.length)) {
    positions.push(at)
  }
  return positions
}
