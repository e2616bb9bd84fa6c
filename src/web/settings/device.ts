/** A browser and a system, as people call them; null: it says nothing that we know. */
export interface Device {
  readonly browser: string
  readonly system: string
}

// The order counts: each of them says that it is the ones below as well.
const BROWSERS = [
  ["Edg", "Edge"],
  ["OPR", "Opera"],
  ["Firefox", "Firefox"],
  ["Chrome", "Chrome"],
  ["Safari", "Safari"],
] as const
const SYSTEMS = [
  ["iPhone", "iPhone"],
  ["iPad", "iPad"],
  ["Android", "Android"],
  ["Windows", "Windows"],
  ["Mac OS", "macOS"],
  ["CrOS", "ChromeOS"],
  ["Linux", "Linux"],
] as const

/** What a `User-Agent` says, as far as it helps to recognise one's own devices. */
export function deviceOf(userAgent: string | null): Device | null {
  if (userAgent === null) return null
  const find = (names: readonly (readonly [string, string])[]) =>
    names.find(([mark]) => userAgent.includes(mark))?.[1]
  const browser = find(BROWSERS)
  const system = find(SYSTEMS)
  return browser === undefined || system === undefined ? null : { browser, system }
}
