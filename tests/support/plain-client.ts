import type { WebSocket } from "ws"
import { undocumentedFrame } from "./documented"
import type { Person } from "./people"
import type { TestFrame } from "./socket"
import { tellStrange } from "./strange"
import { waitUntil } from "./wait"

/** A client as most of the world writes them: the `ws` package, and nothing of ours. */
export interface PlainClient {
  readonly frames: readonly TestFrame[]
  ask(type: string, data?: unknown): Promise<TestFrame>
  /** Sends whatever is given, as it is. */
  send(text: string): void
  /** The next frame of the type, from here on. */
  next(type: string): Promise<TestFrame>
  /** Waits until so many pings have come, and says how many have. */
  pings(count: number): Promise<number>
  /** What it wants to send and the network has not taken yet. */
  readonly unsentBytes: number
  /** From here on it leaves unread what comes. */
  stopReading(): void
  readOn(): void
  /** The close code. */
  readonly closed: Promise<number>
  /** The connection is gone without a word, as in a tunnel. */
  drop(): void
}

// By its file: Bun puts a WebSocket of its own in place of the package's name.
const PACKAGE = "../../node_modules/ws/wrapper.mjs"

export async function openPlainClient(
  url: string,
  { token }: { readonly token: Person["token"] | null },
  { autoPong = true }: { readonly autoPong?: boolean } = {},
): Promise<PlainClient> {
  const { default: Client } = (await import(PACKAGE)) as { default: typeof WebSocket }
  const ws = new Client(`${url.replace("http", "ws")}/api/v1/ws`, "parley.v1", {
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    autoPong,
  })
  const frames: TestFrame[] = []
  let pinged = 0
  let read = 0
  let lastId = 0
  const asked = new Map<unknown, string>()
  ws.on("message", (text) => {
    const frame: TestFrame = JSON.parse(String(text))
    frames.push(frame)
    tellStrange(undocumentedFrame(String(text), asked.get(frame.id)))
  })
  ws.on("ping", () => pinged++)
  const closed = new Promise<number>((resolve) => ws.on("close", resolve))
  await new Promise((resolve, reject) => {
    ws.on("open", resolve)
    ws.on("error", reject)
  })

  /** The first frame from a place on that fits, and its place. */
  async function find(from: number, what: string, fits: (frame: TestFrame) => boolean) {
    const place = () => frames.findIndex((frame, index) => index >= from && fits(frame))
    await waitUntil(`${what} came`, () => place() !== -1)
    const found = frames[place()]
    if (found === undefined) throw new Error(`${what} has vanished`)
    return { frame: found, place: place() }
  }

  return {
    frames,
    closed,
    async ask(type, data) {
      const id = ++lastId
      asked.set(id, type)
      ws.send(JSON.stringify({ type, id, data }))
      return (await find(0, `the answer to ${type}`, (frame) => frame.id === id)).frame
    },
    async next(type) {
      const { frame, place } = await find(read, type, (it) => it.type === type)
      read = place + 1
      return frame
    },
    async pings(count) {
      await waitUntil(`ping ${count} came`, () => pinged >= count)
      return pinged
    },
    send: (text) => ws.send(text),
    get unsentBytes() {
      return ws.bufferedAmount
    },
    stopReading: () => ws.pause(),
    readOn: () => ws.resume(),
    drop: () => ws.terminate(),
  }
}
