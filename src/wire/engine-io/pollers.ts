import type { Frame } from "./packet"

/** Who polls hears topics from here: Bun publishes to WebSockets only. */
export interface Poller {
  keep(frame: Frame): unknown
}

/** Which sockets follow a topic while they poll. Few do, and none for long. */
export class Pollers {
  private readonly byTopic = new Map<string, Set<Poller>>()

  add(topic: string, poller: Poller): void {
    const followers = this.byTopic.get(topic)
    if (followers === undefined) this.byTopic.set(topic, new Set([poller]))
    else followers.add(poller)
  }

  remove(topic: string, poller: Poller): void {
    const followers = this.byTopic.get(topic)
    if (followers?.delete(poller) && followers.size === 0) this.byTopic.delete(topic)
  }

  /** To how many it went. */
  publish(topic: string, frame: Frame): number {
    const followers = this.byTopic.get(topic)
    if (followers === undefined) return 0
    const { size } = followers
    // One that keeps too much is closed by this, and leaves the set.
    for (const poller of followers) poller.keep(frame)
    return size
  }

  /** How many follow it. */
  count(topic: string): number {
    return this.byTopic.get(topic)?.size ?? 0
  }

  get topics(): number {
    return this.byTopic.size
  }
}
