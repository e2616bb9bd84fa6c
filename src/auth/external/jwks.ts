import { createLocalJWKSet, errors, type JSONWebKeySet } from "jose"
import { ChatError } from "../../protocol/errors"
import type { Instant } from "../../protocol/ids"
import { fetchJson } from "./fetch-json"
import type { FoundKey, KeyName, KeySource, Lease } from "./key-source"
import { PUBLIC_KEY_ALGORITHMS } from "./public-key"

export interface JwksOptions {
  readonly url: string
  readonly now: () => Instant
  /** Hears why the keys could not be fetched. */
  readonly onTrouble: (error: unknown) => void
  readonly timeoutMs?: number
}

/** Keys are fetched again when they are as old as this: a key that was withdrawn counts no longer. */
const FRESH_MS = 5 * 60_000

/** While the app can't be reached, its keys count until they are as old as this. */
const STALE_MAX_MS = 60 * 60_000

/** Between two requests for the keys, whatever tokens come: nobody can make us hammer the app. */
const PAUSE_MS = 10_000

const TIMEOUT_MS = 3_000
const BYTES_MAX = 256 * 1024

interface KeySet {
  readonly pick: ReturnType<typeof createLocalJWKSet>
  readonly fetchedAt: Instant
}

/**
 * The app's keys, from its JSON Web Key Set (RFC 7517): fetched when the first token needs them,
 * again when they are old, and when a token names one that we have not. While the app is down
 * those that we have go on counting, for an hour. Which algorithm goes with a key, the key says.
 */
export function createJwks(options: JwksOptions): KeySource {
  const { url, now, onTrouble, timeoutMs = TIMEOUT_MS } = options
  let known: KeySet | null = null
  let lease: Lease = { until: Number.NEGATIVE_INFINITY }
  let askedAt: Instant = Number.NEGATIVE_INFINITY
  let isFailing = false
  let pending: Promise<void> | null = null

  async function find(name: KeyName): Promise<FoundKey | null> {
    await renewOld()
    const found = await pick(name)
    if (found !== "unknown") return found
    // The app may have changed its keys since.
    const request = ask()
    await request
    const foundNow = request === null ? found : await pick(name)
    if (foundNow !== "unknown") return foundNow
    if (isFailing) throw unreachable()
    return null
  }

  async function renewOld(): Promise<void> {
    if (known !== null && now() - known.fetchedAt < FRESH_MS) return
    const request = ask()
    // While the app is known to be down, nobody waits for it who can be answered without.
    if (!isFailing || usable() === null) await request
  }

  /** The request that is under way, or a new one. Null: the last one was a moment ago. */
  function ask(): Promise<void> | null {
    if (pending === null && now() - askedAt >= PAUSE_MS) {
      askedAt = now()
      pending = fetchKeys(askedAt).finally(() => {
        pending = null
      })
    }
    return pending
  }

  async function fetchKeys(fetchedAt: Instant): Promise<void> {
    try {
      const set = await fetchJson(url, { timeoutMs, bytesMax: BYTES_MAX })
      if (!isKeySet(set)) throw new Error(`${url} answered no JSON Web Key Set`)
      known = { pick: createLocalJWKSet(set), fetchedAt }
      isFailing = false
    } catch (error) {
      isFailing = true
      onTrouble(error)
    }
    lease = { until: leaseEnd() }
  }

  /** Never beyond the moment at which the keys will be asked for again. */
  function leaseEnd(): Instant {
    if (known === null) return Number.NEGATIVE_INFINITY
    const dueAt = Math.max(known.fetchedAt + FRESH_MS, askedAt + PAUSE_MS)
    return Math.min(dueAt, known.fetchedAt + STALE_MAX_MS)
  }

  const usable = (): KeySet | null =>
    known !== null && now() - known.fetchedAt < STALE_MAX_MS ? known : null

  async function pick({ alg, kid }: KeyName): Promise<FoundKey | null | "unknown"> {
    const set = usable()
    if (set === null) throw unreachable()
    const leaseOfSet = lease
    try {
      const key = await set.pick(kid === undefined ? { alg } : { alg, kid })
      return { key, lease: leaseOfSet }
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return "unknown"
      // Several that fit and no `kid` to tell which, or a key that is none.
      return null
    }
  }

  const unreachable = () =>
    new ChatError("overloaded", {
      detail: "the keys of the token's issuer cannot be fetched now",
      retryAfterMs: Math.max(askedAt + PAUSE_MS - now(), 1_000),
    })

  return { algorithms: PUBLIC_KEY_ALGORITHMS, find, lease: () => lease }
}

/** What each key is made of is looked at when a token asks for it: one odd key spoils no other. */
const isKeySet = (it: unknown): it is JSONWebKeySet =>
  typeof it === "object" && it !== null && "keys" in it && Array.isArray(it.keys)
