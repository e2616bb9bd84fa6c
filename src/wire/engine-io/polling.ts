import { encodePacket, type Frame } from "./packet"
import { encodePayload } from "./payload"
import type { Poller } from "./pollers"
import { refusalResponse } from "./refusal"
import type { CloseReason, Transport } from "./transport"

const NOOP = encodePacket("noop")
const CLOSE = encodePacket("close")

export interface PollingEvents {
  /** The client did what it must not, left in the middle of a poll, or left too much unread. */
  onBroken(): void
  onDrain(): void
}

type Answer = (response: Response) => void

/** Long polling: what is sent waits here for the next GET, and a GET waits here for a frame. */
export class PollingTransport implements Transport, Poller {
  /** A POST is being read. */
  isReceiving = false
  /** Polls are answered at once: the client is to stop them, for its upgrade. */
  hurriesPolls = false
  private kept: Frame[] = []
  private keptBytes = 0
  private waiting: Answer | null = null
  private willFlush = false

  constructor(
    /** What may wait for the next poll. */
    private readonly keptBytesMax: number,
    private readonly events: PollingEvents,
  ) {}

  get name() {
    return "polling" as const
  }

  get writable(): boolean {
    return this.waiting !== null
  }

  get unreadBytes(): number {
    return this.keptBytes
  }

  send(frame: Frame): number {
    const bytes = Buffer.byteLength(frame)
    if (this.keptBytes + bytes > this.keptBytesMax) {
      this.events.onBroken()
      return 0
    }
    this.kept.push(frame)
    this.keptBytes += bytes
    if (this.waiting === null) return -1
    this.flushSoon()
    return bytes
  }

  keep(frame: Frame): void {
    this.send(frame)
  }

  /** A GET. Its answer comes when there is something to say. */
  poll(signal: AbortSignal): Promise<Response> | Response {
    if (this.waiting !== null) {
      this.events.onBroken()
      return refusalResponse("badRequest")
    }
    if (this.kept.length > 0) return payloadResponse(this.take())
    if (this.hurriesPolls) return payloadResponse([NOOP])
    if (signal.aborted) {
      this.events.onBroken()
      return refusalResponse("badRequest")
    }
    const { promise, resolve } = Promise.withResolvers<Response>()
    this.waiting = resolve
    signal.addEventListener("abort", () => {
      if (this.waiting !== resolve) return
      this.waiting = null
      this.events.onBroken()
    })
    return promise
  }

  /** Ends the poll that waits, so that the client can go on to a WebSocket. */
  hurry(): void {
    this.hurriesPolls = true
    this.answer([NOOP])
  }

  /** What no poll has fetched, in order. It is the caller's from now on. */
  private take(): readonly Frame[] {
    const { kept } = this
    this.kept = []
    this.keptBytes = 0
    return kept
  }

  /** For a WebSocket: what waits goes there. */
  leave(): readonly Frame[] {
    const kept = this.take()
    this.answer([NOOP])
    return kept
  }

  end(reason: CloseReason): void {
    // To who said goodbye itself there is nothing to say.
    this.answer(reason === "transport close" ? [NOOP] : [CLOSE])
    this.take()
  }

  /**
   * Says goodbye to the poll that waits. False: it is to come for that, because nobody polls, or
   * because something else is said first. Not both in one payload: official clients act on a
   * goodbye before they look at the messages beside it.
   */
  endInOrder(): boolean {
    if (this.waiting === null) return false
    const isLast = this.kept.length === 0
    this.answer(isLast ? [CLOSE] : this.take())
    return isLast
  }

  /** For a poll after the end: what it was told before, then, alone, goodbye. */
  lastWords(): { readonly answer: Response; readonly isLast: boolean } {
    const isLast = this.kept.length === 0
    return { answer: payloadResponse(isLast ? [CLOSE] : this.take()), isLast }
  }

  private answer(frames: readonly Frame[]): void {
    const { waiting } = this
    if (waiting === null) return
    this.waiting = null
    waiting(payloadResponse(frames))
    this.events.onDrain()
  }

  /** Once at the end of this turn: what is told together travels together. */
  private flushSoon(): void {
    if (this.willFlush) return
    this.willFlush = true
    queueMicrotask(() => {
      this.willFlush = false
      if (this.waiting !== null && this.kept.length > 0) this.answer(this.take())
    })
  }
}

/** The answer to a poll, and to a handshake. */
export const payloadResponse = (frames: readonly Frame[]): Response =>
  new Response(encodePayload(frames), {
    headers: { "content-type": "text/plain; charset=UTF-8", "cache-control": "no-store" },
  })
