import type { Instant, KeyId } from "../protocol/ids"
import type { Store } from "../store"

export interface KeyUseDeps {
  readonly store: Store
  readonly now: () => Instant
  /** Runs what nobody waits for, and logs it if it fails. */
  readonly inBackground: (task: Promise<unknown>, name: string) => void
}

/** So exact is `last_used_at`: a program that asks all day writes once a minute, not each time. */
const NOTED_EVERY_MS = 60_000

const REMEMBERED_MAX = 10_000

/** Notes when a key was last used. The request that used it never waits for that. */
export function createKeyUse({ store, now, inBackground }: KeyUseDeps) {
  const notedAt = new Map<KeyId, Instant>()

  return function noteUse(id: KeyId): void {
    const instant = now()
    const before = notedAt.get(id)
    if (before !== undefined && instant - before < NOTED_EVERY_MS) return
    if (notedAt.size >= REMEMBERED_MAX) notedAt.clear()
    notedAt.set(id, instant)
    const write = store.write(function* () {
      yield* store.apiKeys.touch(id, instant)
      return { result: undefined, events: [] }
    })
    inBackground(write, "note that a key was used")
  }
}

export type NoteKeyUse = ReturnType<typeof createKeyUse>
