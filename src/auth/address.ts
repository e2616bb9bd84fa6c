/** What we need of Bun's server to know where a request comes from. */
export interface AddressSource {
  requestIP(request: Request): { readonly address: string } | null
}

export interface AddressOptions {
  /** How many proxies stand in front of us. Their entries are believed, counted from the right. */
  readonly trustedProxies: number
}

/**
 * The address that limits count by, and whether the client came by https. Without proxies the
 * `X-Forwarded-*` headers are anybody's claim and mean nothing.
 */
export function createAddressing({ trustedProxies }: AddressOptions) {
  const forwarded = (headers: Headers, name: string): string | undefined => {
    if (trustedProxies === 0) return undefined
    const entries = (headers.get(name) ?? "").split(",").map((entry) => entry.trim())
    return entries.at(-trustedProxies) || undefined
  }

  return {
    addressOf: (request: Request, source: AddressSource | null): string =>
      forwarded(request.headers, "x-forwarded-for") ??
      source?.requestIP(request)?.address ??
      "unknown",
    isSecure: (request: Request): boolean =>
      request.url.startsWith("https:") ||
      forwarded(request.headers, "x-forwarded-proto") === "https",
  }
}

export type Addressing = ReturnType<typeof createAddressing>
