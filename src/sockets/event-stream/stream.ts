import type { Frame, StreamVoice } from "../../dialects/dialect"
import { LIMITS } from "../../protocol/limits"
import type { Poller, Pollers } from "../../wire/engine-io/pollers"
import { type Line, NOT_ALL_TAKEN } from "../connection"

export interface EventStreamDeps {
  readonly words: Pick<StreamVoice, "encodeClosed">
  readonly pollers: Pollers
  /** Takes a frame of whatever origin, and tells it by `write`. */
  readonly onFrame: (frame: Frame) => void
  /** The client has taken what it was given. */
  readonly onTaken: () => void
  /** So much waits that somebody should look at it. */
  readonly onBacklog: () => void
  /** It is told nothing any more. Called once. */
  readonly onEnd: () => void
  /** Within so many seconds of silence the connection is cut off. */
  readonly cutOffWithin: (seconds: number) => void
}

type Controller = ReadableStreamDefaultController<Uint8Array>

/** As much is handed over at a time: what is handed over counts as unread until it is taken. */
const PIECE_CHARS = 64 * 1024

/** From so much on each further frame is worth a look. */
const LOOK_BYTES = 64 * 1024

const encoder = new TextEncoder()

/**
 * An answer that does not end, as what carries a connection's frames. What waits for the client
 * waits here, where it is counted: Bun asks for more only when the socket has taken the last piece.
 */
export class EventStream implements Line, Poller {
  readonly body: ReadableStream<Uint8Array>
  private controller: Controller | null = null
  private waiting: string[] = []
  private waitingBytes = 0
  private handedBytes = 0
  private isAsked = false
  private willFlush = false
  private isEnding = false
  private isOver = false
  private readonly topics = new Set<string>()
  private roomAwaited: { readonly below: number; readonly resolve: () => void } | null = null

  constructor(private readonly deps: EventStreamDeps) {
    this.body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.controller = controller
      },
      pull: () => this.onAsked(),
      cancel: () => this.gone(),
    })
  }

  send(frame: Frame): number {
    this.deps.onFrame(frame)
    return this.waitingBytes >= LOOK_BYTES ? NOT_ALL_TAKEN : frame.length
  }

  keep(frame: Frame): void {
    this.deps.onFrame(frame)
    if (this.waitingBytes >= LOOK_BYTES) this.deps.onBacklog()
  }

  /** Lines that end an event, or are a comment. */
  write(text: string): void {
    if (this.isEnding || this.isOver) return
    this.push(text)
  }

  private push(text: string): void {
    this.waiting.push(text)
    this.waitingBytes += Buffer.byteLength(text)
    if (this.willFlush || !this.isAsked) return
    this.willFlush = true
    // At the end of this turn: what is told together travels together.
    queueMicrotask(() => {
      this.willFlush = false
      this.flush()
    })
  }

  private onAsked(): void {
    this.isAsked = true
    this.handedBytes = 0
    const { roomAwaited } = this
    if (roomAwaited !== null && this.waitingBytes < roomAwaited.below) this.stopWaiting()
    if (!this.isEnding) this.deps.onTaken()
    this.flush()
  }

  private flush(): void {
    if (!this.isAsked || this.isOver || this.waiting.length === 0) return
    const piece = encoder.encode(this.takePiece())
    this.isAsked = false
    this.handedBytes = piece.byteLength
    this.waitingBytes -= piece.byteLength
    const isLast = this.isEnding && this.waiting.length === 0
    // Last: Bun may ask for more while it is called.
    this.controller?.enqueue(piece)
    if (isLast) this.finish()
  }

  private takePiece(): string {
    let chars = 0
    let count = 0
    while (count < this.waiting.length && chars < PIECE_CHARS) {
      chars += this.waiting[count]?.length ?? 0
      count++
    }
    return this.waiting.splice(0, count).join("")
  }

  /** Resolves when less than that waits for the client, or nothing will be told any more. */
  hasRoomFor(below: number): Promise<void> | undefined {
    if (this.isEnding || this.isOver || this.waitingBytes < below) return undefined
    return new Promise((resolve) => {
      this.roomAwaited = { below, resolve }
    })
  }

  private stopWaiting(): void {
    this.roomAwaited?.resolve()
    this.roomAwaited = null
  }

  subscribe(topic: string): boolean {
    if (this.isEnding || this.isOver) return false
    this.topics.add(topic)
    this.deps.pollers.add(topic, this)
    return true
  }

  unsubscribe(topic: string): void {
    if (this.topics.delete(topic)) this.deps.pollers.remove(topic, this)
  }

  get subscriptions(): readonly string[] {
    return [...this.topics]
  }

  getBufferedAmount(): number {
    return this.waitingBytes + this.handedBytes
  }

  /** A comment: it shows proxies that the stream lives, and us that somebody takes it. */
  ping(): void {
    this.write(":\n\n")
    if (this.getBufferedAmount() >= LOOK_BYTES) this.deps.onBacklog()
  }

  /** Its last event says why. From now on it hears nothing, and reads what it was told. */
  close(code: number, reason: string): void {
    if (this.isEnding || this.isOver) return
    this.isEnding = true
    this.leaveTopics()
    this.stopWaiting()
    this.push(`event: closed\ndata: ${this.deps.words.encodeClosed(code, reason)}\n\n`)
    this.deps.cutOffWithin(LIMITS.backlogReadMsMax / 1000)
    this.deps.onEnd()
  }

  terminate(): void {
    if (this.isOver) return
    this.controller?.error(new Error("the client took nothing"))
    this.deps.cutOffWithin(1)
    this.gone()
  }

  /** The client went away. */
  gone(): void {
    if (this.isOver) return
    const wasEnding = this.isEnding
    this.release()
    if (!wasEnding) this.deps.onEnd()
  }

  private finish(): void {
    this.controller?.close()
    this.release()
  }

  private release(): void {
    this.isOver = true
    this.waiting = []
    this.waitingBytes = 0
    this.handedBytes = 0
    this.leaveTopics()
    this.stopWaiting()
  }

  private leaveTopics(): void {
    for (const topic of this.topics) this.deps.pollers.remove(topic, this)
    this.topics.clear()
  }
}
