import { undocumentedAnswer } from "./documented"
import { isWatched, tellStrange } from "./strange"

/** How an upgrade was answered, byte for byte: no client library's idea of it in between. */
export interface Handshake {
  readonly status: number
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>
  /** What came after the head, as text. */
  readonly body: string
  /** Ends the TCP connection without a word. */
  cut(): void
}

const TIMEOUT_MS = 10_000

/** Asks for an upgrade over a bare TCP socket. Whatever is opened never answers anything. */
export async function shakeHands(
  address: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Handshake> {
  const url = new URL(address)
  const answered = Promise.withResolvers<Handshake>()
  const timer = setTimeout(() => answered.reject(new Error("no answer came")), TIMEOUT_MS)
  let text = ""
  await Bun.connect({
    hostname: url.hostname,
    port: Number(url.port),
    socket: {
      open(socket) {
        socket.write(upgradeRequest(url, headers))
      },
      data(socket, chunk) {
        text += chunk.toString()
        const end = text.indexOf("\r\n\r\n")
        if (end === -1) return
        answered.resolve(readAnswer(text, end, () => socket.terminate()))
      },
    },
  })
  try {
    const answer = await answered.promise
    const { status, headers, body } = answer
    if (isWatched(url)) {
      // What comes after an upgrade are frames.
      const text = status === 101 ? "" : body
      tellStrange(undocumentedAnswer({ method: "GET", path: url.pathname, status, headers, text }))
    }
    return answer
  } finally {
    clearTimeout(timer)
  }
}

/** Asks for an upgrade, and is gone after so many turns of the event loop, answered or not. */
export async function cutHandshake(address: string, turns: number): Promise<void> {
  const url = new URL(address)
  const socket = await Bun.connect({
    hostname: url.hostname,
    port: Number(url.port),
    socket: { data: () => undefined },
  })
  socket.write(upgradeRequest(url))
  socket.flush()
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
  socket.terminate()
}

/** The request, as a client writes it. */
export function upgradeRequest(url: URL, headers: Readonly<Record<string, string>> = {}): string {
  const head = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  return `${head.join("\r\n")}\r\n\r\n`
}

function readAnswer(text: string, end: number, cut: () => void): Handshake {
  const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n")
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":")
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return {
    status: Number(statusLine.split(" ")[1]),
    headers: new Map(headers),
    body: text.slice(end + 4),
    cut,
  }
}
