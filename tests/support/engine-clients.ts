import type { EngineHost } from "./engine"

const WAIT_MS = 10_000

/** A client of Engine.IO that polls when it is told to: nothing of it happens by itself. */
export async function openPolling(host: EngineHost) {
  const response = await fetch(`${host.url}?EIO=4&transport=polling`)
  const text = await response.text()
  const { sid } = JSON.parse(text.slice(1))
  const url = `${host.url}?EIO=4&transport=polling&sid=${sid}`
  const { webSocketUrl } = addressesOf(host)
  return {
    sid: String(sid),
    url,
    get: (init: RequestInit = {}) => fetch(url, init),
    /** What the next poll brings. */
    poll: async () => (await fetch(url)).text(),
    post: (
      body: string | Uint8Array<ArrayBuffer> | ReadableStream,
      headers: Record<string, string> = {},
    ) => fetch(url, { method: "POST", body, headers }),
    openWebSocket: () => openWebSocket(`${webSocketUrl}?EIO=4&transport=websocket&sid=${sid}`),
  }
}

export const openSession = (host: EngineHost) =>
  openWebSocket(`${addressesOf(host).webSocketUrl}?EIO=4&transport=websocket`)

export const addressesOf = ({ url }: EngineHost) => ({
  webSocketUrl: url.replace("http", "ws"),
})

export type WebSocketClient = Awaited<ReturnType<typeof openWebSocket>>

/** A WebSocket whose frames are taken one by one. */
export async function openWebSocket(url: string) {
  const ws = new WebSocket(url)
  ws.binaryType = "arraybuffer"
  const received: unknown[] = []
  const waiting: ((frame: unknown) => void)[] = []
  const closed = Promise.withResolvers<number>()
  const opened = Promise.withResolvers<void>()
  ws.onopen = () => opened.resolve()
  ws.onclose = ({ code }) => {
    opened.resolve()
    closed.resolve(code)
  }
  ws.onmessage = ({ data }) => {
    const next = waiting.shift()
    if (next === undefined) received.push(data)
    else next(data)
  }
  await opened.promise
  return {
    send: (data: string | Uint8Array<ArrayBuffer>) => ws.send(data),
    /** The next frame. */
    next: (): Promise<unknown> =>
      within(
        "a frame",
        received.length > 0
          ? Promise.resolve(received.shift())
          : new Promise((resolve) => waiting.push(resolve)),
      ),
    /** What came and nobody has taken. */
    rest: () => received.splice(0),
    closed: () => within("a close", closed.promise),
    get isOpen() {
      return ws.readyState === WebSocket.OPEN
    },
    close: () => ws.close(),
    terminate: () => ws.terminate(),
  }
}

async function within<Value>(what: string, promised: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`${what} did not come`)), WAIT_MS)
  try {
    return await Promise.race([promised, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
