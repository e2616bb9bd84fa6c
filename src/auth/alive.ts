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
  // Of lookups that are under way: whom each is for, and whether that has been forgotten since.
  const underWay = new Set<{ readonly key: Key; isOutdated: boolean }>()
  const remembered = new Map<Key, { readonly user: User; readonly foundAt: Instant }>()

  async function lookUp(key: Key): Promise<User | null> {
    const instant = now()
    const known = remembered.get(key)
    if (known !== undefined && instant - known.foundAt < REMEMBERED_MS) return known.user
    const look = { key, isOutdated: false }
    underWay.add(look)
    let user: User | null
    try {
      user = await find(key)
      // It may have been found just before it ended, and is told only now that it has not.
      if (look.isOutdated) return await find(key)
    } finally {
      underWay.delete(look)
    }
    if (remembered.size >= REMEMBERED_MAX) remembered.clear()
    if (user === null) remembered.delete(key)
    else remembered.set(key, { user, foundAt: instant })
    return user
  }

  return {
    lookUp,
    forget(key: Key): void {
      remembered.delete(key)
      for (const look of underWay) if (look.key === key) look.isOutdated = true
    },
    forgetAll(): void {
      remembered.clear()
      for (const look of underWay) look.isOutdated = true
    },
  }
}
