/** A client of `/api/v1/ws` for tests: waits for frames, with a time-out, and never sleeps. */
export interface TestFrame {
  readonly type: string
  readonly id?: string | number
  readonly room_id?: string
  readonly seq?: number
  // Frames are looked into by assertions, which fail on what is not there.
  // biome-ignore lint/suspicious/noExplicitAny: a test reads any field of any frame.
  readonly data: any
}

export interface TestSocket {
  /** Every frame so far, in order; but no heartbeats, which `openPlainClient` hears. */
  readonly frames: readonly TestFrame[]
  /** Sends a frame with a fresh id and waits for its `ok` or `error`. */
  ask(type: string, data?: unknown): Promise<TestFrame>
  /** Sends whatever is given, as it is. */
  sendRaw(frame: string | Uint8Array<ArrayBuffer>): void
  /** The next frame, from here on, that fits; frames before it are skipped. */
  next(fits: string | ((frame: TestFrame) => boolean)): Promise<TestFrame>
  /** All frames that come until nothing has come for so long. To show that nothing happened. */
  framesUntilQuiet(quietMs?: number): Promise<readonly TestFrame[]>
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  close(): void
}

const TIMEOUT_MS = 10_000

export interface SocketOptions {
  readonly headers?: Record<string, string>
  readonly protocols?: readonly string[]
}

/** Opens a socket. Rejects with the status where the upgrade is refused. */
export async function openSocket(url: string, options: SocketOptions = {}): Promise<TestSocket> {
  const { headers = {}, protocols = [] } = options
  // Bun's takes headers. Where the types of browsers are known as well, that of theirs does not.
  const ws: WebSocket = Reflect.construct(WebSocket, [
    url.replace(/^http/, "ws"),
    { headers, protocols: [...protocols] },
  ])
  const frames: TestFrame[] = []
  const listeners = new Set<() => void>()
  let nextId = 1
  let read = 0
  ws.onmessage = (event) => {
    const frame: TestFrame = JSON.parse(String(event.data))
    // The first one comes at any time within 25 s: it would be news to a test once in a while.
    if (frame.type === "heartbeat") return
    frames.push(frame)
    for (const listener of [...listeners]) listener()
  }
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.onclose = ({ code, reason }) => resolve({ code, reason })
  })
  await new Promise<void>((resolve, reject) => {
    ws.onopen = () => resolve()
    ws.onerror = () => reject(new Error("the upgrade was refused"))
  })

  function waitFor<T>(look: () => T | undefined, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        listeners.delete(check)
        reject(new Error(`${what} did not come; came: ${JSON.stringify(frames.slice(-5))}`))
      }, TIMEOUT_MS)
      function check(): void {
        const found = look()
        if (found === undefined) return
        clearTimeout(timer)
        listeners.delete(check)
        resolve(found)
      }
      listeners.add(check)
      check()
    })
  }

  return {
    frames,
    closed,
    ask(type, data) {
      const id = nextId++
      ws.send(JSON.stringify({ type, id, ...(data === undefined ? {} : { data }) }))
      return waitFor(() => frames.find((frame) => frame.id === id), `the answer to ${type}`)
    },
    sendRaw: (frame) => ws.send(frame),
    next(fits) {
      const isIt = typeof fits === "string" ? (it: TestFrame) => it.type === fits : fits
      return waitFor(() => {
        while (read < frames.length) {
          const frame = frames[read++]
          if (frame !== undefined && isIt(frame)) return frame
        }
        return undefined
      }, `a frame ${fits}`)
    },
    async framesUntilQuiet(quietMs = 50) {
      const from = frames.length
      let seen = -1
      while (seen !== frames.length) {
        seen = frames.length
        await Bun.sleep(quietMs)
      }
      return frames.slice(from)
    },
    close: () => ws.close(),
  }
}
