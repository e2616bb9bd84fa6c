import { nowMicros } from "./clock"
import { type FrameMarks, TIME_MARK, TIME_SLOT } from "./orders"
import type { Tally } from "./tally"

// A prime, so that sampling does not fall into step with rooms or rounds of round sizes.
const deliveriesPerSample = 61

const finalTextFrame = 0x81
const timeMark = Buffer.from(TIME_MARK)

const nothing = -1

/** What a frame is that was neither an event nor a reply: rare, so it may cost something. */
export type RareFrame = { readonly opcode: number; readonly payload: Buffer }

/**
 * Counts the frames of one connection by hopping from header to header. Payloads are not decoded
 * and not copied: at five million deliveries a second, reading each would measure the reader.
 * The framing is RFC 6455, section 5.2; frames from a server are not masked.
 */
export class FrameCounter {
  readonly #tally: Tally
  readonly #onRareFrame: (frame: RareFrame) => void
  readonly #offset: number
  readonly #event: number
  readonly #ack: number
  /** Until then every frame is read whole, for the marks tell nothing yet. */
  isCounting = false
  /** Bytes of the current frame that are still to come and need no look. */
  #skip = 0
  /** A frame's first bytes, when the chunk ended before they told what it is. */
  #tail: Buffer | undefined

  constructor(marks: FrameMarks, tally: Tally, onRareFrame: (frame: RareFrame) => void) {
    this.#tally = tally
    this.#onRareFrame = onRareFrame
    this.#offset = marks.offset
    this.#event = marks.event.charCodeAt(0)
    this.#ack = marks.ack?.charCodeAt(0) ?? nothing
  }

  receive(received: Buffer): void {
    const chunk = this.#tail ? Buffer.concat([this.#tail, received]) : received
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length)
    const end = chunk.length
    let at = this.#skip
    while (at + 2 <= end) {
      const head = view.getUint16(at)
      const shortLength = head & 0x7f
      const start = at + headBytes(shortLength)
      if (start > end) break
      const length = payloadBytes(view, at, shortLength)
      const isKnown =
        this.isCounting && head >> 8 === finalTextFrame && this.#count(view, start, length)
      if (!isKnown && start + length > end) break
      if (!isKnown) {
        this.#onRareFrame({
          opcode: (head >> 8) & 0x0f,
          payload: chunk.subarray(start, start + length),
        })
      }
      at = start + length
    }
    this.#skip = Math.max(0, at - end)
    this.#tail = at < end ? Buffer.from(chunk.subarray(at)) : undefined
  }

  /** False when the frame is neither an event nor a reply, or its mark has not come yet. */
  #count(view: DataView, start: number, length: number): boolean {
    const markAt = start + this.#offset
    if (length <= this.#offset || markAt >= view.byteLength) return false
    const mark = view.getUint8(markAt)
    if (mark === this.#event) {
      this.#tally.deliveries++
      if (this.#tally.deliveries % deliveriesPerSample === 0) this.#sample(view, start, length)
      return true
    }
    if (mark !== this.#ack) return false
    this.#tally.acks++
    return true
  }

  #sample(view: DataView, start: number, length: number): void {
    if (start + length > view.byteLength) return
    this.#tally.eventBytes = length
    const payload = Buffer.from(view.buffer, view.byteOffset + start, length)
    const markAt = payload.indexOf(timeMark)
    if (markAt < 0) return
    const digitsAt = markAt + timeMark.length
    const sentMicros = Number(payload.toString("latin1", digitsAt, digitsAt + TIME_SLOT.length))
    this.#tally.latency.add(nowMicros() - sentMicros)
  }
}

function headBytes(shortLength: number): number {
  if (shortLength < 126) return 2
  return shortLength === 126 ? 4 : 10
}

function payloadBytes(view: DataView, at: number, shortLength: number): number {
  if (shortLength < 126) return shortLength
  return shortLength === 126 ? view.getUint16(at + 2) : Number(view.getBigUint64(at + 2))
}
