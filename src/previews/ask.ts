import { type ClientRequest, type IncomingMessage, request } from "node:http"
import { type RequestOptions, request as requestSecurely } from "node:https"
import { isIP } from "node:net"

export interface Asking {
  /** The only ones that are connected to, whatever the name means by now. */
  readonly addresses: readonly string[]
  readonly userAgent: string
  readonly bytesMax: number
  readonly connectMsMax: number
  readonly signal: AbortSignal
  /** Certificates that are trusted besides the system's. */
  readonly ca?: string | undefined
}

/** What a server says to one request. */
export type Said =
  | { readonly type: "page"; readonly bytes: Uint8Array; readonly charset: string | null }
  | { readonly type: "redirect"; readonly location: string }
  /** An error, or something else than a page. */
  | { readonly type: "nothing" }

/**
 * Asks for a page, once: without cookies, credentials or a referrer, and without following
 * anything. Errors: whatever the network says, and that it takes too long.
 *
 * Bun's `fetch` resolves names by itself, so what was checked would not be what is connected to,
 * and it heeds `HTTP_PROXY`, behind which nothing can be checked. This client takes addresses from
 * `lookup`, and checks certificates for the name.
 */
export async function ask(url: URL, asking: Asking): Promise<Said> {
  const response = await responseTo(url, asking)
  try {
    return await read(response, asking.bytesMax)
  } finally {
    response.destroy()
  }
}

async function responseTo(url: URL, asking: Asking): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const isSecure = url.protocol === "https:"
  const asked = (isSecure ? requestSecurely : request)(url, optionsOf(asking))
  const connecting = watchConnecting(asked, isSecure, asking)
  asked.on("response", resolve)
  asked.on("error", reject)
  asked.on("close", () => reject(new Error("the connection closed before an answer")))
  asked.end()
  try {
    return await promise
  } finally {
    clearTimeout(connecting)
  }
}

function optionsOf({ addresses, userAgent, signal, ca }: Asking): RequestOptions {
  const found = addresses.map((address) => ({ address, family: isIP(address) }))
  const options = {
    method: "GET",
    // No connection is kept: the next one is to be made to what was checked for it.
    agent: false,
    lookup: (_name: string, _options: object, done: Found) => done(null, found),
    headers: {
      "user-agent": userAgent,
      accept: "text/html",
      // What is not packed cannot burst.
      "accept-encoding": "identity",
    },
    signal,
    maxHeaderSize: HEADER_BYTES_MAX,
  } as const
  return ca === undefined ? options : { ...options, ca }
}

type Found = (
  error: null,
  addresses: { readonly address: string; readonly family: number }[],
) => void

const HEADER_BYTES_MAX = 16 * 1024

function watchConnecting(
  asked: ClientRequest,
  isSecure: boolean,
  { addresses, connectMsMax }: Asking,
): Timer {
  const giveUp = () => asked.destroy(new Error("connecting took too long"))
  const timer = setTimeout(giveUp, connectMsMax)
  asked.on("socket", (socket) => {
    socket.once("connect", () => {
      // The second lock: it would mean that `lookup` was not heeded.
      if (addresses.includes(socket.remoteAddress ?? "")) return
      asked.destroy(new Error("connected to another address than was checked"))
    })
    socket.once(isSecure ? "secureConnect" : "connect", () => clearTimeout(timer))
  })
  return timer
}

const REDIRECTS: ReadonlySet<number | undefined> = new Set([301, 302, 303, 307, 308])

async function read(response: IncomingMessage, bytesMax: number): Promise<Said> {
  const { statusCode, headers } = response
  if (REDIRECTS.has(statusCode) && headers.location !== undefined) {
    return { type: "redirect", location: headers.location }
  }
  const [type = "", ...parameters] = (headers["content-type"] ?? "").split(";")
  const isPlain = (headers["content-encoding"] ?? "identity") === "identity"
  const isPage = statusCode === 200 && type.trim().toLowerCase() === "text/html"
  if (!isPage || !isPlain) return { type: "nothing" }
  const bytes = await readSome(response, bytesMax)
  return { type: "page", bytes, charset: charsetOf(parameters) }
}

/** The beginning: a page says what it is there, and may be without an end. */
async function readSome(response: IncomingMessage, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response) {
    if (!(chunk instanceof Uint8Array)) throw new Error("a body comes in bytes")
    chunks.push(chunk)
    length += chunk.length
    if (length >= bytesMax) break
  }
  return Buffer.concat(chunks).subarray(0, bytesMax)
}

function charsetOf(parameters: readonly string[]): string | null {
  const values = parameters.map((it) => /^\s*charset\s*=\s*"?([^\s"]+)"?\s*$/i.exec(it)?.[1])
  return values.find((it) => it !== undefined) ?? null
}
