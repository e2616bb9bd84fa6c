const MINUTE_MS = 60_000

/** More addresses than are asked in a minute; beyond it nobody new is asked until it ends. */
const SITES_MAX = 10_000

/**
 * Counts requests by the address of the network that they go to, so that nobody has us flood a
 * site, by whatever names. So many in a minute that begins with the first of them.
 */
export function createSites(perMinuteMax: number, now: () => number) {
  const asked = new Map<string, number>()
  let since = now()

  return function mayAskSite(address: string): boolean {
    if (now() - since >= MINUTE_MS) {
      asked.clear()
      since = now()
    }
    const count = asked.get(address) ?? 0
    if (count >= perMinuteMax || (count === 0 && asked.size >= SITES_MAX)) return false
    asked.set(address, count + 1)
    return true
  }
}
