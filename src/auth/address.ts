import { isIP } from "node:net"

/** What we need of Bun's server to know where a request comes from. */
export interface AddressSource {
  requestIP(request: Request): { readonly address: string } | null
}

export interface AddressOptions {
  /** How many proxies stand in front of us. Their entries are believed, counted from the right. */
  readonly trustedProxies: number
}

/** What proxies add, whether or not they are believed. */
const FORWARDING_HEADERS = ["x-forwarded-for", "x-forwarded-proto", "forwarded", "x-real-ip", "via"]

const LOOPBACK = /^(::ffff:)?127\.|^::1$/

/** From this very machine, or from a proxy on it. */
export const isLoopback = (address: string): boolean => LOOPBACK.test(address)

/**
 * The address that limits count by, and whether the client came by https. Without proxies the
 * `X-Forwarded-*` headers are anybody's claim and mean nothing. Where there are fewer entries
 * than proxies, or one is no address, the request went past a proxy of ours: what it claims
 * then is not believed either, and it counts as its sender's, which no claim can change.
 */
export function createAddressing({ trustedProxies }: AddressOptions) {
  const forwarded = (headers: Headers, name: string): string | undefined => {
    if (trustedProxies === 0) return undefined
    return (headers.get(name) ?? "").split(",").at(-trustedProxies)?.trim()
  }

  const forwardedAddress = (headers: Headers): string | undefined => {
    const entry = forwarded(headers, "x-forwarded-for")
    return entry === undefined ? undefined : readAddress(entry)
  }

  return {
    addressOf: (request: Request, source: AddressSource | null): string =>
      forwardedAddress(request.headers) ?? source?.requestIP(request)?.address ?? "unknown",
    isSecure: (request: Request): boolean =>
      forwarded(request.headers, "x-forwarded-proto") === "https" ||
      request.url.startsWith("https:"),
    /**
     * Comes from this very machine, and not through a proxy on it, behind which everybody would
     * seem to: a request that bears a proxy's traces must be told to be local by a trusted one.
     */
    isLocal(request: Request, source: AddressSource | null): boolean {
      const isForwarded = FORWARDING_HEADERS.some((name) => request.headers.has(name))
      const address = isForwarded
        ? forwardedAddress(request.headers)
        : source?.requestIP(request)?.address
      return address !== undefined && isLoopback(address)
    },
  }
}

export type Addressing = ReturnType<typeof createAddressing>

/**
 * An entry of `X-Forwarded-For`: some proxies write the port too, and IPv6 in brackets. IPv4 in
 * the clothes of IPv6 is the same client. Undefined: it is no address.
 */
function readAddress(entry: string): string | undefined {
  const [, bracketed, dotted] = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d{1,5})?$/.exec(entry) ?? []
  const address = (bracketed ?? dotted ?? entry).toLowerCase()
  if (isIP(address) === 0) return undefined
  return address.replace(/^::ffff:(?=\d+\.)/, "")
}
