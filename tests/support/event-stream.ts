/** A client of `/api/v1/events` for tests: reads the bytes of the answer, and never sleeps. */
import { undocumentedFrame } from "./documented"
import type { TestFrame } from "./socket"
import { tellStrange } from "./strange"

export interface StreamEvent {
  readonly event: string
  /** Undefined: the event has none of its own. */
  readonly id?: string
  readonly frame: TestFrame
}

export interface TestStream {
  readonly status: number
  readonly headers: Headers
  /** Every event so far, but no heartbeats. */
  readonly events: readonly StreamEvent[]
  /** The `id` that a browser would come back with. */
  readonly lastId: string
  /** The next event, from here on, that fits; events before it are skipped. */
  next(fits: string | ((frame: TestFrame) => boolean)): Promise<TestFrame>
  framesUntilQuiet(quietMs?: number): Promise<readonly TestFrame[]>
  /** Its last event, when the answer has ended; undefined: it has ended without one. */
  readonly ended: Promise<TestFrame | undefined>
  close(): void
}

export interface StreamOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly lastId?: string
  readonly cursor?: string
}

const TIMEOUT_MS = 10_000

/** What stands in a stream, event by event. Source: HTML, "Server-sent events", 9.2.6. */
export function parseEvents(text: string): readonly StreamEvent[] {
  return text.split("\n\n").flatMap((block) => {
    const fields = new Map<string, string>()
    for (const line of block.split("\n")) {
      const colon = line.indexOf(":")
      if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ""))
    }
    const data = fields.get("data")
    if (data === undefined) return []
    const id = fields.get("id")
    const event = fields.get("event") ?? "message"
    return [{ event, ...(id === undefined ? {} : { id }), frame: JSON.parse(data) }]
  })
}

/** Opens a stream and waits for its headers. */
export async function openStream(url: string, options: StreamOptions = {}): Promise<TestStream> {
  const { headers = {}, lastId, cursor } = options
  const gone = new AbortController()
  const query = cursor === undefined ? "" : `?cursor=${encodeURIComponent(cursor)}`
  const response = await fetch(`${url}/api/v1/events${query}`, {
    headers: { ...headers, ...(lastId === undefined ? {} : { "last-event-id": lastId }) },
    signal: gone.signal,
  })
  if (response.body === null || response.status !== 200) {
    throw new Error(`the stream was refused: ${response.status} ${await response.text()}`)
  }
  const events: StreamEvent[] = []
  const listeners = new Set<() => void>()
  let read = 0
  let last = lastId ?? ""

  async function readAll(body: ReadableStream<Uint8Array>): Promise<TestFrame | undefined> {
    const decoder = new TextDecoder()
    let rest = ""
    try {
      for await (const piece of body) {
        const blocks = `${rest}${decoder.decode(piece, { stream: true })}`.split("\n\n")
        rest = blocks.pop() ?? ""
        for (const block of blocks) for (const event of parseEvents(`${block}\n\n`)) take(event)
      }
    } catch (error) {
      if (!gone.signal.aborted) throw error
    }
    return events.at(-1)?.frame
  }

  function take(event: StreamEvent): void {
    last = event.id ?? last
    if (event.event !== event.frame.type) throw new Error(`${event.event} is not the frame's type`)
    tellStrange(undocumentedFrame(JSON.stringify(event.frame)))
    if (event.event === "heartbeat") return
    events.push(event)
    for (const listener of [...listeners]) listener()
  }

  return {
    status: response.status,
    headers: response.headers,
    events,
    get lastId() {
      return last
    },
    next(fits) {
      const isIt = typeof fits === "string" ? (it: TestFrame) => it.type === fits : fits
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          listeners.delete(look)
          const came = JSON.stringify(events.slice(-5)).slice(0, 2_000)
          reject(new Error(`an event ${fits} did not come; came: ${came}`))
        }, TIMEOUT_MS)
        function look(): void {
          while (read < events.length) {
            const frame = events[read++]?.frame
            if (frame === undefined || !isIt(frame)) continue
            clearTimeout(timer)
            listeners.delete(look)
            resolve(frame)
            return
          }
        }
        listeners.add(look)
        look()
      })
    },
    async framesUntilQuiet(quietMs = 50) {
      const from = events.length
      let seen = -1
      while (seen !== events.length) {
        seen = events.length
        await Bun.sleep(quietMs)
      }
      return events.slice(from).map(({ frame }) => frame)
    },
    ended: readAll(response.body),
    close: () => gone.abort(),
  }
}

/** The stream of somebody, as far as `live`. */
export async function streamOf(
  url: string,
  { token }: { readonly token: string },
  options: StreamOptions = {},
): Promise<TestStream> {
  const authorization = `Bearer ${token}`
  const stream = await openStream(url, { ...options, headers: { authorization } })
  await stream.next("live")
  return stream
}
