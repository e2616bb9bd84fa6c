import { isIP } from "node:net"
import ipaddr from "ipaddr.js"

/**
 * What may be asked for a preview. Whoever writes a message chooses the address, so without this
 * anybody could have the server ask the machine it runs on, its network and the cloud around it.
 */
export interface Reach {
  readonly allowsAddress: (address: string) => boolean
  readonly allowsPort: (port: number) => boolean
  /** All addresses of a name. Errors: those of the system. */
  readonly resolve: (name: string) => Promise<readonly string[]>
}

/** The web as everybody can reach it, and nothing else. */
export const PUBLIC_WEB: Reach = {
  allowsAddress: isPublicAddress,
  allowsPort: (port) => port === 80 || port === 443,
  // The system's own way holds a thread until a name server answers, of a few that files and
  // pictures need too: whoever shares names of a silent one would stop them all for minutes.
  resolve: async (name) => {
    const found = await Bun.dns.lookup(name, { backend: "c-ares" })
    return found.map(({ address }) => address)
  },
}

/** Public by their number, and answered by the cloud's own machinery: that of Azure. */
const CLOUD_ADDRESSES: ReadonlySet<string> = new Set(["168.63.129.16"])

const GLOBAL_UNICAST = ipaddr.parseCIDR("2000::/3")

/**
 * Whether a host of the public internet has this address. Only what is known to be public is: not
 * what is private, of this machine, of a link, shared, reserved, for documentation, or of many
 * hosts, and no IPv6 address in which another one is hidden (mapped, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0 || CLOUD_ADDRESSES.has(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== "unicast") return false
  // What is not yet given to anybody counts as unicast there.
  return address.kind() === "ipv4" || address.match(GLOBAL_UNICAST)
}

/**
 * Where a page may be asked for: the only addresses to connect to; empty: it may not be asked.
 * A name is resolved here, once, and never again. Errors: those of the system.
 */
export async function addressesToAsk(url: URL, reach: Reach): Promise<readonly string[]> {
  if (url.protocol !== "http:" && url.protocol !== "https:") return []
  if (url.username !== "" || url.password !== "") return []
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port)
  if (!reach.allowsPort(port)) return []
  // The parser of URLs has made one of all ways to write an address: octal, decimal, short.
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1")
  const addresses = isIP(host) === 0 ? await reach.resolve(host) : [host]
  return addresses.filter((it) => isIP(it) !== 0 && reach.allowsAddress(it))
}
