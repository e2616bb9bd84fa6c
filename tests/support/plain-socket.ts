import type { WebSocket } from "ws"
import { waitUntil } from "./wait"

// biome-ignore lint/suspicious/noExplicitAny: a test reads any field of any frame.
export type AnyFrame = any

/** A raw socket of any protocol, by the `ws` package and nothing of ours. */
export interface PlainSocket {
  /** Every frame so far, in order. */
  readonly frames: readonly AnyFrame[]
  send(frame: object): void
  /** Sends whatever is given, as it is. */
  sendRaw(data: string | Buffer): void
  /** The next frame, from here on; others are not skipped. */
  next(): Promise<AnyFrame>
  /** All frames that come until nothing has come for so long. To show that nothing happened. */
  framesUntilQuiet(quietMs?: number): Promise<readonly AnyFrame[]>
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  close(): void
}

/** How an upgrade was refused, as `ws` sees it. */
export class RefusedUpgrade extends Error {
  constructor(
    readonly status: number,
    readonly contentType: string,
    // biome-ignore lint/suspicious/noExplicitAny: a test reads any field of any body.
    readonly body: any,
  ) {
    super(`the upgrade was refused: ${status}`)
  }
}

// By its file: Bun puts a WebSocket of its own in place of the package's name.
const PACKAGE = "../../node_modules/ws/wrapper.mjs"

export async function plainWebSocket(): Promise<typeof WebSocket> {
  const { default: Client } = (await import(PACKAGE)) as { default: typeof WebSocket }
  return Client
}

/** Opens a socket at an address as `http://…/path`. Errors: `RefusedUpgrade`. */
export async function openPlainSocket(
  address: string,
  { token = null }: { readonly token?: string | null } = {},
): Promise<PlainSocket> {
  const Client = await plainWebSocket()
  const ws = new Client(address.replace(/^http/, "ws"), {
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
  })
  const frames: AnyFrame[] = []
  let read = 0
  ws.on("message", (text) => frames.push(JSON.parse(String(text))))
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.on("close", (code, reason) => resolve({ code, reason: String(reason) }))
  })
  await new Promise<void>((resolve, reject) => {
    ws.on("open", () => resolve())
    ws.on("error", reject)
    ws.on("unexpected-response", (_, response) => {
      let text = ""
      response.on("data", (chunk) => {
        text += chunk
      })
      response.on("end", () => {
        const { statusCode = 0, headers } = response
        const type = headers["content-type"] ?? ""
        reject(new RefusedUpgrade(statusCode, type, text === "" ? null : JSON.parse(text)))
      })
    })
  })

  return {
    frames,
    closed,
    send: (frame) => ws.send(JSON.stringify(frame)),
    sendRaw: (data) => ws.send(data),
    async next() {
      const index = read++
      await waitUntil(`frame ${index} came`, () => frames.length > index)
      return frames[index]
    },
    async framesUntilQuiet(quietMs = 50) {
      let seen = -1
      while (seen !== frames.length) {
        seen = frames.length
        await Bun.sleep(quietMs)
      }
      const found = frames.slice(read)
      read = frames.length
      return found
    },
    close: () => ws.close(),
  }
}
