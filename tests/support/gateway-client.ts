import type { WebSocket } from "ws"
import { waitUntil } from "./wait"

/** A frame of `gateway-events`. */
export interface GatewayFrame {
  readonly event: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads any field of any frame.
  readonly data: any
}

/** A client of `gateway-events`, written with the `ws` package as its document has it. */
export interface GatewayClient {
  /** Every frame so far, in order. */
  readonly frames: readonly GatewayFrame[]
  say(event: string, data?: unknown): void
  /** Sends whatever is given, as it is. */
  sendRaw(input: string | Uint8Array): void
  /** The next frame from here on, of whatever kind. */
  next(): Promise<GatewayFrame>
  /** All frames from here on until the answer to a question without consequence has come. */
  rest(): Promise<readonly GatewayFrame[]>
  join(roomId: string): Promise<void>
  /** The close code. */
  readonly closed: Promise<number>
  close(): void
}

// By its file: Bun puts a WebSocket of its own in place of the package's name.
const PACKAGE = "../../node_modules/ws/wrapper.mjs"

/** Nobody has such an event, so its answer comes after all that was to come, and changes nothing. */
const MARK = "mark.end"

/** Opens a socket. Rejects with `Unexpected server response: <status>` where it is refused. */
export async function openGatewayClient(
  address: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<GatewayClient> {
  const { default: Client } = (await import(PACKAGE)) as { default: typeof WebSocket }
  const ws = new Client(address.replace("http", "ws"), { headers })
  const frames: GatewayFrame[] = []
  let read = 0
  ws.on("message", (text) => frames.push(JSON.parse(String(text))))
  const closed = new Promise<number>((resolve) => ws.on("close", resolve))
  await new Promise((resolve, reject) => {
    ws.on("open", resolve)
    ws.on("error", reject)
  })
  ws.on("error", () => undefined)

  const say = (event: string, data?: unknown) => ws.send(JSON.stringify({ event, data }))

  async function next(): Promise<GatewayFrame> {
    await waitUntil("another frame came", () => frames.length > read)
    const frame = frames[read++]
    if (frame === undefined) throw new Error("the frame has vanished")
    return frame
  }

  return {
    frames,
    closed,
    say,
    sendRaw: (input) => ws.send(input),
    next,
    async rest() {
      say(MARK, {})
      const found: GatewayFrame[] = []
      for (;;) {
        const frame = await next()
        if (frame.event === "error" && String(frame.data.message).endsWith(MARK)) return found
        found.push(frame)
      }
    },
    async join(roomId) {
      say("chat.join", { roomId })
      const { event, data } = await next()
      if (event === "chat.joined" && data.roomId === roomId) return
      throw new Error(`${roomId} was not joined: ${JSON.stringify(data)}`)
    },
    close: () => ws.close(),
  }
}
