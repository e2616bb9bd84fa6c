import type { LinkPreview } from "../protocol/entities"
import { LIMITS } from "../protocol/limits"
import { createPlaces } from "./places"
import type { Reach } from "./reach"
import { createSites } from "./sites"
import type { Outcome } from "./visit"

/** How often pages were looked at, by how that ended. */
export type PreviewCounts = Record<Outcome["type"] | "dropped", number>

export interface PreviewsDeps {
  /** What previews may ask, and for how long; left out: the public web, within our limits. */
  readonly previewing?: Previewing
  readonly version: string
  readonly meters: { readonly previews: PreviewCounts }
  readonly now: () => number
}

export interface Previewing {
  readonly reach?: Reach
  /** Certificates that are trusted besides the system's. */
  readonly ca?: string | undefined
  readonly times?: { readonly wholeMsMax: number; readonly connectMsMax: number }
}

const TIMES = {
  wholeMsMax: LIMITS.linkPreviewMsMax,
  connectMsMax: LIMITS.linkPreviewConnectMsMax,
}

/** How long it is remembered what a page says, and as well that it says nothing. */
const REMEMBERED_MS = 10 * 60_000
const REMEMBERED_MAX = 500

/**
 * Fetches pages for previews: a few at a time, each once in a while however often it is shared.
 * Nothing of an address is logged, as it stood in a message.
 */
export function createPreviews({ previewing = {}, version, meters, now }: PreviewsDeps) {
  const { times = TIMES, ca } = previewing
  const counts = meters.previews
  const ending = new AbortController()
  const mayAskSite = createSites(LIMITS.linkPreviewsPerSitePerMinuteMax, now)
  const places = createPlaces({
    atOnceMax: LIMITS.linkPreviewsAtOnceMax,
    waitingMax: LIMITS.linkPreviewsWaitingMax,
  })
  const remembered = new Map<string, { readonly at: number; readonly outcome: Promise<Outcome> }>()

  /** Null: there is nothing of use. Never throws. */
  async function fetchPreview(url: string): Promise<LinkPreview | null> {
    if (ending.signal.aborted) return null
    const outcome = await outcomeOf(url)
    return outcome?.type === "described" ? { url, ...outcome.description } : null
  }

  /** Null: too many wait. */
  function outcomeOf(url: string): Promise<Outcome> | null {
    const page = new URL(url)
    // What comes after it is for the browser, and is not told to the server.
    page.hash = ""
    const known = remembered.get(page.href)
    if (known !== undefined && now() - known.at < REMEMBERED_MS) return known.outcome
    const outcome = places.take(() => look(page))
    if (outcome === null) {
      counts.dropped++
      return null
    }
    remember(page.href, outcome)
    return outcome
  }

  function remember(page: string, outcome: Promise<Outcome>): void {
    remembered.delete(page)
    remembered.set(page, { at: now(), outcome })
    const [oldest] = remembered.keys()
    if (remembered.size > REMEMBERED_MAX && oldest !== undefined) remembered.delete(oldest)
  }

  async function look(page: URL): Promise<Outcome> {
    const outcome = await lookInTime(page)
    counts[outcome.type]++
    // It says nothing of the page, which may be asked again.
    if (outcome.type === "crowded") remembered.delete(page.href)
    return outcome
  }

  async function lookInTime(page: URL): Promise<Outcome> {
    const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(times.wholeMsMax)])
    const late = Promise.withResolvers<never>()
    late.promise.catch(() => undefined)
    signal.addEventListener("abort", () => late.reject(signal.reason), { once: true })
    try {
      signal.throwIfAborted()
      // Loaded with the first page: a server that nobody shares addresses on starts without it.
      const [{ visit }, { PUBLIC_WEB }] = await Promise.all([import("./visit"), import("./reach")])
      const { reach = PUBLIC_WEB } = previewing
      const { connectMsMax } = times
      const userAgent = `Parley/${version} (link preview)`
      // Resolving a name cannot be ended, so nobody waits for it any longer.
      return await Promise.race([
        visit(page, { reach, userAgent, mayAskSite, connectMsMax, signal, ca }),
        late.promise,
      ])
    } catch {
      // Whatever is wrong with a stranger's server is no trouble of ours, and its words may hold
      // the address: it is counted and not told.
      return { type: "failed" }
    }
  }

  return {
    fetchPreview,
    /** Ends what is under way, and fetches nothing more. */
    close: (): void => ending.abort(),
  }
}
