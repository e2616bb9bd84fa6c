import type { Instant } from "../../protocol/ids"

/** For how long what a key has verified counts as verified. Each set of keys has its own. */
export interface Lease {
  readonly until: Instant
}

/** What a token says of its key, in a shape that is harmless. */
export interface KeyName {
  readonly alg: string
  readonly kid?: string | undefined
}

export interface FoundKey {
  readonly key: CryptoKey | Uint8Array
  readonly lease: Lease
}

/** Where the keys of the app's tokens come from. */
export interface KeySource {
  /** The only ones that count, whatever a token says. */
  readonly algorithms: readonly string[]
  /** Null: there is no such key. Errors: `overloaded` where that can't be told now. */
  find(name: KeyName): Promise<FoundKey | null>
  /** The one of the keys as they are now. */
  lease(): Lease
}
