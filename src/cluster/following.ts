/** Where channels are subscribed to, for as long as one connection lasts. */
export interface Subscriber {
  subscribe(channels: readonly string[]): Promise<void>
  unsubscribe(channels: readonly string[]): Promise<void>
}

export interface FollowingDeps {
  readonly isFollowed: (channel: string) => void
  /** The connection refuses: it must be given up. */
  readonly onTrouble: (error: unknown) => void
}

/** Subscribing to many at once holds up all that Redis has to do for others. */
const CHANNELS_PER_COMMAND = 1_000

/**
 * Keeps what is subscribed to equal to what is wanted. One command at a time: Bun's client, told
 * to leave and to enter a channel before the first is answered, hears all of it twice. What changes
 * meanwhile goes into the next command, so ten thousand channels are ten commands.
 */
export function createFollowing({ isFollowed, onTrouble }: FollowingDeps) {
  const wanted = new Set<string>()
  /** Wanted, and `isFollowed` is to be said of them. */
  let awaited = new Set<string>()
  let held = new Set<string>()
  /** Held, and not wanted. */
  let stale = new Set<string>()
  let current: Subscriber | null = null
  let isBusy = false

  async function work(subscriber: Subscriber): Promise<void> {
    while (current === subscriber && awaited.size + stale.size > 0) {
      const due = take(awaited)
      const fresh = due.filter((channel) => !held.has(channel))
      if (fresh.length > 0) await subscriber.subscribe(fresh)
      if (current !== subscriber) return
      for (const channel of fresh) {
        held.add(channel)
        if (!wanted.has(channel)) stale.add(channel)
      }
      for (const channel of due) {
        if (wanted.has(channel) && !awaited.has(channel)) isFollowed(channel)
      }
      const left = take(stale)
      for (const channel of left) held.delete(channel)
      if (left.length > 0) await subscriber.unsubscribe(left)
    }
    // Here and not where this is awaited: what is followed in between would wake nobody.
    if (current === subscriber) isBusy = false
  }

  async function wake(): Promise<void> {
    const subscriber = current
    if (isBusy || subscriber === null) return
    isBusy = true
    // What is asked for in one turn of the event loop goes in one command.
    await Promise.resolve()
    try {
      await work(subscriber)
    } catch (error) {
      if (current === subscriber) onTrouble(error)
    }
  }

  return {
    has: (channel: string): boolean => wanted.has(channel),
    follow(channel: string): void {
      if (wanted.has(channel)) return
      wanted.add(channel)
      stale.delete(channel)
      awaited.add(channel)
      void wake()
    },
    unfollow(channel: string): void {
      if (!wanted.delete(channel)) return
      awaited.delete(channel)
      if (held.has(channel)) stale.add(channel)
      void wake()
    },
    /** A new connection, on which nothing is subscribed to; null: there is none. */
    useSubscriber(subscriber: Subscriber | null): void {
      current = subscriber
      isBusy = false
      held = new Set()
      stale = new Set()
      awaited = new Set(wanted)
      void wake()
    },
  }
}

function take(channels: Set<string>): readonly string[] {
  const taken: string[] = []
  for (const channel of channels) {
    if (taken.length === CHANNELS_PER_COMMAND) break
    taken.push(channel)
    channels.delete(channel)
  }
  return taken
}
