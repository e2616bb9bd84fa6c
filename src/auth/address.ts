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

const LOOPBACK = /^127\.|^::1$/

/** From this very machine, or from a proxy on it; of a canonical address. */
export const isLoopback = (address: string): boolean => LOOPBACK.test(address)

/**
 * What limits count by: of IPv6 the /64 network, for whoever has one has all of its addresses.
 * IPv4 is scarce enough to count as it is.
 */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address
  const [head = "", tail] = address.split("::")
  const groups = head === "" ? [] : head.split(":")
  // What `::` leaves out is zeros, as many as are missing.
  const last = tail === undefined || tail === "" ? [] : tail.split(":")
  const zeros = Array<string>(8 - groups.length - last.length).fill("0")
  return `${[...groups, ...zeros, ...last].slice(0, 4).join(":")}::/64`
}

/**
 * The address that a request comes from, and whether the client came by https. Without proxies the
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

  const directAddress = (request: Request, source: AddressSource | null): string | undefined => {
    const address = source?.requestIP(request)?.address
    return address === undefined ? undefined : canonical(address)
  }

  return {
    /** Whole and canonical, to be stored and shown; limits count by its `networkOf`. */
    addressOf: (request: Request, source: AddressSource | null): string =>
      forwardedAddress(request.headers) ?? directAddress(request, source) ?? "unknown",
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
        : directAddress(request, source)
      return address !== undefined && isLoopback(address)
    },
  }
}

export type Addressing = ReturnType<typeof createAddressing>

/**
 * An entry of `X-Forwarded-For`: some proxies write the port too, and IPv6 in brackets.
 * Undefined: it is no address.
 */
function readAddress(entry: string): string | undefined {
  const [, bracketed, dotted] = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d{1,5})?$/.exec(entry) ?? []
  return canonical(bracketed ?? dotted ?? entry)
}

/**
 * One spelling for each address, or one client would count as many. IPv4 in the clothes of IPv6
 * is the same client. A zone says which of our own cables it came by, and is left out.
 */
function canonical(text: string): string | undefined {
  const version = isIP(text)
  if (version === 0) return undefined
  if (version === 4) return text
  const address = new URL(`http://[${text.replace(/%.*$/, "")}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(address) ?? []
  if (high === undefined || low === undefined) return address
  const bytes = [high, low].flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 255]
  })
  return bytes.join(".")
}
