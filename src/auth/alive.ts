import type { User } from "../protocol/entities"
import type { Instant } from "../protocol/ids"

/**
 * For so long a user who was found alive counts as alive without being looked up. What this
 * server ends is forgotten at once; what another process ends, at the latest after this.
 */
const REMEMBERED_MS = 1_000

const REMEMBERED_MAX = 10_000

export interface AliveDeps<Key> {
  /** Null: they are not alive. */
  readonly find: (key: Key) => Promise<User | null>
  readonly now: () => Instant
}

/** Remembers whom a lookup has found, for a second. Who was not found is looked up each time. */
export function createAlive<Key>({ find, now }: AliveDeps<Key>) {
  const remembered = new Map<Key, { readonly user: User; readonly foundAt: Instant }>()

  /** Counts what was forgotten: what was looked up before that is not remembered after it. */
  let forgettings = 0

  async function lookUp(key: Key): Promise<User | null> {
    const instant = now()
    const known = remembered.get(key)
    if (known !== undefined && instant - known.foundAt < REMEMBERED_MS) return known.user
    const before = forgettings
    const user = await find(key)
    if (forgettings !== before) return user
    if (remembered.size >= REMEMBERED_MAX) remembered.clear()
    if (user === null) remembered.delete(key)
    else remembered.set(key, { user, foundAt: instant })
    return user
  }

  return {
    lookUp,
    forget(key: Key): void {
      forgettings++
      remembered.delete(key)
    },
    forgetAll(): void {
      forgettings++
      remembered.clear()
    },
  }
}
