/** What came back over a bare TCP connection: no client library has mended the request before. */
export interface RawAnswer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

export interface RawRequest {
  readonly method: string
  /** Path and query, sent as they are. */
  readonly target: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly body?: string | Uint8Array | undefined
}

const TIMEOUT_MS = 10_000

/** Sends a request as it is. Null: the connection was closed without an answer. */
export async function askRaw(url: string, request: RawRequest): Promise<RawAnswer | null> {
  const { host, hostname, port } = new URL(url)
  const { method, target, headers = [], body } = request
  const bytes = Buffer.from(body ?? "")
  const names = new Set(headers.map(([name]) => name.toLowerCase()))
  const head = [
    `${method} ${target} HTTP/1.1`,
    ...(names.has("host") ? [] : [`Host: ${host}`]),
    "Connection: close",
    ...(body === undefined || names.has("content-length")
      ? []
      : [`Content-Length: ${bytes.length}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ]
  return sendBytes({ hostname, port: Number(port) }, [
    Buffer.from(`${head.join("\r\n")}\r\n\r\n`),
    bytes,
  ])
}

async function sendBytes(
  at: { readonly hostname: string; readonly port: number },
  parts: readonly Buffer[],
): Promise<RawAnswer | null> {
  const answered = Promise.withResolvers<RawAnswer | null>()
  const timer = setTimeout(() => answered.reject(new Error("no answer came")), TIMEOUT_MS)
  let received = Buffer.alloc(0)
  let unsent = Buffer.concat(parts)
  const flush = (socket: { write(bytes: Buffer): number }) => {
    unsent = unsent.subarray(Math.max(0, socket.write(unsent)))
  }
  const socket = await Bun.connect({
    ...at,
    socket: {
      open: flush,
      drain: flush,
      data(_socket, chunk) {
        received = Buffer.concat([received, chunk])
        const answer = readAnswer(received)
        if (answer !== null) answered.resolve(answer)
      },
      close: () => answered.resolve(null),
      error: () => answered.resolve(null),
    },
  })
  try {
    return await answered.promise
  } finally {
    clearTimeout(timer)
    socket.terminate()
  }
}

/** Null: it is not whole yet. A stream, which never is, counts as whole after its head. */
function readAnswer(received: Buffer): RawAnswer | null {
  const end = received.indexOf("\r\n\r\n")
  if (end === -1) return null
  const [statusLine = "", ...lines] = received.subarray(0, end).toString().split("\r\n")
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(":")
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const status = Number(statusLine.split(" ")[1])
  const rest = received.subarray(end + 4)
  const isStream = headers.get("content-type")?.startsWith("text/event-stream") === true
  if (headers.get("transfer-encoding") === "chunked" && !isStream) {
    return rest.includes("0\r\n\r\n") ? { status, headers, body: rest.toString() } : null
  }
  if (rest.length < Number(headers.get("content-length") ?? 0)) return null
  return { status, headers, body: rest.toString() }
}
