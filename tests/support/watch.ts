/**
 * Before every test file (bunfig.toml): all that a server says to a test is held against the
 * documents, whoever asks and with whatever client. The test during which something came that
 * no document tells of fails. Where tests are run on PostgreSQL, it is started here.
 */
import { afterEach } from "bun:test"
import { isOnPostgres } from "./databases"
import { undocumentedAnswer, undocumentedFrame } from "./documented"
import { sharedPostgres } from "./postgres"
import { isWatched, takeStrange, tellStrange } from "./strange"

const SHOWN = 5

const plainFetch = globalThis.fetch

async function watchedFetch(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  const response = await plainFetch(input, init)
  const url = new URL(input instanceof Request ? input.url : input)
  if (!isWatched(url)) return response
  const method = init?.method ?? (input instanceof Request ? input.method : "GET")
  const isEndless = response.headers.get("content-type")?.startsWith("text/event-stream")
  const text = isEndless ? "" : await response.clone().text()
  const { status, headers } = response
  tellStrange(undocumentedAnswer({ method, path: url.pathname, status, headers, text }))
  return response
}

globalThis.fetch = Object.assign(watchedFetch, { preconnect: plainFetch.preconnect })

class WatchedSocket extends WebSocket {
  /** By the `id` of the frame, what was asked: each kind of answer has a form of its own. */
  readonly #asked = new Map<unknown, string>()

  constructor(url: string | URL, options?: string | string[] | Bun.WebSocketOptions) {
    super(url, options as Bun.WebSocketOptions)
    const { pathname } = new URL(url)
    // Other protocols are held against golden frames, and have documents of their own.
    if (!isWatched(new URL(url)) || pathname !== "/api/v1/ws") return
    this.addEventListener("message", ({ data }) => {
      const { id } = JSON.parse(String(data))
      tellStrange(undocumentedFrame(String(data), this.#asked.get(id)))
    })
  }

  override send(data: Parameters<WebSocket["send"]>[0]): void {
    if (typeof data === "string") noteAsked(this.#asked, data)
    super.send(data)
  }
}

function noteAsked(asked: Map<unknown, string>, text: string): void {
  try {
    const { id, type } = JSON.parse(text)
    asked.set(id, type)
  } catch {
    // A test may send what is no frame. It asks nothing.
  }
}

globalThis.WebSocket = WatchedSocket

afterEach(() => {
  const strange = takeStrange()
  if (strange.length === 0) return
  const rest = strange.length > SHOWN ? `\nand ${strange.length - SHOWN} more` : ""
  throw new Error(`not in the documents:\n${strange.slice(0, SHOWN).join("\n")}${rest}`)
})

// Not in the first test that needs it: it takes longer than any test.
if (isOnPostgres) await sharedPostgres()
