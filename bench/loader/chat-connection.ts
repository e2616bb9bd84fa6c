import type { Socket } from "bun"
import { FrameCounter, type RareFrame } from "./frame-counter"
import { maskedFrame } from "./message-batch"
import type { ConnectionGroup, FrameMarks } from "./orders"
import type { Tally } from "./tally"

const headEnd = "\r\n\r\n"
const closeOpcode = 8
const pingOpcode = 9

interface ChatConnectionParts {
  readonly port: number
  readonly group: ConnectionGroup
  readonly marks: FrameMarks
  readonly tally: Tally
}

/** One WebSocket client on a raw TCP socket: upgrades, goes to its room, then counts. */
export class ChatConnection {
  readonly group: ConnectionGroup
  readonly #port: number
  readonly #marks: FrameMarks
  readonly #tally: Tally
  readonly #frames: FrameCounter
  readonly #ready = Promise.withResolvers<void>()
  #socket: Socket<undefined> | undefined
  #isOpen = false
  #head = ""
  #stepsTaken = 0
  /** What the kernel would not take yet. Never more than one batch, for a sender waits. */
  #unsent: Buffer | undefined

  constructor({ port, group, marks, tally }: ChatConnectionParts) {
    this.group = group
    this.#port = port
    this.#marks = marks
    this.#tally = tally
    this.#frames = new FrameCounter(marks, tally, (frame) => this.#onRareFrame(frame))
  }

  /** Resolves when the last step was answered: the connection is in its room. */
  async open(): Promise<void> {
    this.#socket = await Bun.connect({
      hostname: "127.0.0.1",
      port: this.#port,
      socket: {
        data: (_socket, chunk) => this.#receive(chunk),
        drain: () => this.#flush(),
        close: () => this.#fail("a connection was closed by the server"),
        error: (_socket, error) => this.#fail(error.message),
      },
    })
    this.send(Buffer.from(upgradeRequest(this.group, this.#port)))
    await this.#ready.promise
  }

  send(bytes: Buffer): void {
    this.#unsent = this.#unsent ? Buffer.concat([this.#unsent, bytes]) : bytes
    this.#flush()
  }

  #flush(): void {
    if (!this.#socket || !this.#unsent) return
    const written = Math.max(0, this.#socket.write(this.#unsent))
    const rest = this.#unsent.subarray(written)
    this.#unsent = rest.length > 0 ? rest : undefined
  }

  #receive(chunk: Buffer): void {
    const frames = this.#isOpen ? chunk : this.#upgrade(chunk)
    if (frames.length > 0) this.#frames.receive(frames)
    this.#tally.wakeWhenReached()
  }

  /** Takes the answer to the upgrade and returns what follows it. */
  #upgrade(chunk: Buffer): Buffer {
    this.#head += chunk.toString("latin1")
    const end = this.#head.indexOf(headEnd)
    if (end < 0) return Buffer.alloc(0)
    if (!this.#head.startsWith("HTTP/1.1 101")) {
      this.#fail(`the upgrade was refused: ${this.#head.slice(0, 300)}`)
      return Buffer.alloc(0)
    }
    this.#isOpen = true
    const followingBytes = this.#head.length - end - headEnd.length
    this.#head = ""
    this.#takeStep()
    return chunk.subarray(chunk.length - followingBytes)
  }

  #takeStep(): void {
    const step = this.group.steps[this.#stepsTaken]
    if (step?.send) this.send(maskedFrame(Buffer.from(step.send)))
    if (step) return
    this.#frames.isCounting = true
    this.#ready.resolve()
  }

  #onRareFrame({ opcode, payload }: RareFrame): void {
    if (opcode === pingOpcode) this.send(maskedFrame(payload, "pong"))
    if (opcode === closeOpcode) this.#fail(`closed by the server: ${payload.toString("latin1", 2)}`)
    const text = payload.toString("latin1", 0, 300)
    if (this.#marks.refusals.some((start) => text.startsWith(start))) this.#fail(`refused: ${text}`)
    if (text === this.#marks.ping) this.send(maskedFrame(Buffer.from(this.#marks.pong ?? "")))
    const step = this.#frames.isCounting ? undefined : this.group.steps[this.#stepsTaken]
    if (!step || !text.includes(step.answer)) return
    this.#stepsTaken++
    this.#takeStep()
  }

  #fail(reason: string): void {
    this.#ready.reject(new Error(reason))
    this.#tally.fail(reason)
  }
}

function upgradeRequest(group: ConnectionGroup, port: number): string {
  const lines = [
    `GET ${group.path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    // The sample nonce of RFC 6455: the answer to it is not checked, so it need not be random.
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...group.headers,
  ]
  return lines.join("\r\n") + headEnd
}
