/** What became of reading a body. */
export type Body =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tooLarge" | "tooSlow" | "broken" }

export interface BodyLimits {
  readonly bytesMax: number
  readonly timeoutMs: number
}

/**
 * Reads a body as UTF-8, and never more of it than so many bytes nor longer than that: a chunked
 * one tells no length, and one that trickles would hold its session.
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<Body> {
  if (Number(request.headers.get("content-length") ?? 0) > limits.bytesMax) {
    return { kind: "tooLarge" }
  }
  if (request.body === null) return { kind: "text", text: "" }
  const reader: Reader = request.body.getReader()
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    cancel(reader)
  }, limits.timeoutMs)
  try {
    const body = await readChunks(reader, limits.bytesMax)
    return isLate ? { kind: "tooSlow" } : body
  } catch {
    // The connection broke, or what came is not UTF-8.
    return { kind: isLate ? "tooSlow" : "broken" }
  } finally {
    clearTimeout(timer)
  }
}

/** As much of one as is used. */
interface Reader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>
  cancel(): Promise<void>
}

async function readChunks(reader: Reader, bytesMax: number): Promise<Body> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
  let text = ""
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done || value === undefined) return { kind: "text", text: text + decoder.decode() }
    bytes += value.length
    if (bytes > bytesMax) {
      cancel(reader)
      return { kind: "tooLarge" }
    }
    text += decoder.decode(value, { stream: true })
  }
}

/** What comes of cancelling is nobody's business: the answer is on its way. */
function cancel(reader: Reader): void {
  reader.cancel().catch(() => undefined)
}
