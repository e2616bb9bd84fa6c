import { readFileSync } from "node:fs"
import { createServer as createRawServer, type Socket } from "node:net"
import type { Reach } from "../../src/previews/reach"
import { createScratch } from "./scratch"

interface Site {
  /** By a name that is none: only our own resolver knows it. */
  readonly url: string
  readonly port: number
  /** What it was asked for, in order. */
  readonly asked: readonly Asked[]
  stop(): Promise<void>
}

interface Asked {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

/** A web site on this machine, which no guard would let anybody reach. */
export function openSite(
  answer: (request: Request) => Response | Promise<Response>,
  tls?: { readonly cert: string; readonly key: string },
): Site {
  const asked: Asked[] = []
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    ...(tls === undefined ? {} : { tls }),
    fetch(request) {
      const { pathname, search } = new URL(request.url)
      asked.push({ path: pathname + search, headers: Object.fromEntries(request.headers) })
      return answer(request)
    },
  })
  const port = server.port ?? 0
  const url = `${tls === undefined ? "http" : "https"}://site.example:${port}`
  return { url, port, asked, stop: () => server.stop(true) }
}

/** A server that speaks no HTTP but what it is told to. */
export async function openRawSite(onSocket: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const server = createRawServer((socket) => {
    sockets.add(socket)
    // Who is cut off is what some tests want.
    socket.on("error", () => undefined)
    socket.on("close", () => sockets.delete(socket))
    // Unread, it would not hear that it is closed.
    socket.resume()
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("it has no port")
  return {
    url: `http://site.example:${address.port}`,
    open: sockets,
    stop(): void {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** A certificate of nobody's, for a name; null: there is no openssl. */
export function makeCertificate(name: string): { cert: string; key: string } | null {
  if (Bun.which("openssl") === null) return null
  const scratch = createScratch()
  const [key, cert] = [scratch.path("key.pem"), scratch.path("cert.pem")]
  const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`]
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
  const made = Bun.spawnSync(["openssl", "req", ...kind, ...subject, "-keyout", key, "-out", cert])
  if (!made.success) throw new Error(made.stderr.toString())
  const pair = { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") }
  scratch.remove()
  return pair
}

/** Any port of this machine, and a name server that knows all names: they are this machine. */
export const OWN_MACHINE = {
  allowsAddress: (address: string) => address === "127.0.0.1",
  allowsPort: () => true,
  resolve: async () => ["127.0.0.1"],
} satisfies Reach

export const htmlPage = (html: string, headers: Record<string, string> = {}): Response =>
  new Response(html, { headers: { "content-type": "text/html; charset=utf-8", ...headers } })
