import type { Link, LinkEvents, NodeId } from "../../src/cluster/link"

/** A link whose words go through this process. */
export interface HubLink extends Link {
  /** Gone; the others learn of it at once. */
  leave(): void
}

export interface LinkHub {
  /** A further node, which all others hear of at once. */
  join(): HubLink
  /** Words that are told from now on are kept until `release`; none is lost. */
  hold(): void
  release(): void
  /** Words that are told from now on are lost, until `mend`, which tells all nodes so. */
  cut(): void
  mend(): void
}

interface Seat {
  readonly node: NodeId
  readonly topics: Map<string, (word: unknown, from: NodeId) => void>
  readonly channels: Set<string>
  readonly events: Partial<LinkEvents>[]
  followed: Parameters<Link["onFollowed"]>[0] | undefined
}

/** Nodes of one process, which hear each other at once: for tests of what is built upon links. */
export function createLinkHub(): LinkHub {
  const seats = new Map<NodeId, Seat>()
  let held: (() => void)[] | null = null
  let isCut = false
  let count = 0

  const others = (node: NodeId) => [...seats.values()].filter((seat) => seat.node !== node)

  function carry(deliver: () => void): void {
    if (isCut) return
    if (held === null) deliver()
    else held.push(deliver)
  }

  /** As it comes out of the wire. */
  const copy = (word: unknown): unknown => JSON.parse(JSON.stringify(word))

  function join(): HubLink {
    const node = `node-${++count}` as NodeId
    const seat: Seat = {
      node,
      topics: new Map(),
      channels: new Set(),
      events: [],
      followed: undefined,
    }
    for (const other of seats.values()) {
      for (const it of other.events) it.nodeJoined?.(node)
    }
    seats.set(node, seat)
    return {
      node,
      get others() {
        return new Set(others(node).map((it) => it.node))
      },
      get isUp() {
        return !isCut
      },
      tell: (topic, word) =>
        carry(() => {
          for (const it of others(node)) it.topics.get(topic)?.(copy(word), node)
        }),
      hear: (topic, heard) => {
        seat.topics.set(topic, heard)
      },
      tellNode: (to, topic, word) =>
        carry(() => seats.get(to)?.topics.get(topic)?.(copy(word), node)),
      tellFollowers: (channel, word) =>
        carry(() => {
          for (const it of others(node)) {
            if (it.channels.has(channel)) it.followed?.heard(copy(word), channel, node)
          }
        }),
      follow(channel) {
        seat.channels.add(channel)
        queueMicrotask(() => seat.followed?.isFollowed(channel))
      },
      unfollow: (channel) => void seat.channels.delete(channel),
      onFollowed: (listeners) => {
        seat.followed = listeners
      },
      settle: () => Promise.resolve(),
      on(events) {
        seat.events.push(events)
        for (const it of others(node)) events.nodeJoined?.(it.node)
      },
      leave() {
        seats.delete(node)
        for (const other of seats.values()) {
          for (const it of other.events) it.nodeLeft?.(node)
        }
      },
    }
  }

  return {
    join,
    hold: () => {
      held ??= []
    },
    release() {
      const waiting = held ?? []
      held = null
      for (const deliver of waiting) deliver()
    },
    cut: () => {
      isCut = true
    },
    mend() {
      isCut = false
      for (const seat of seats.values()) {
        for (const it of seat.events) it.missed?.(null)
        for (const channel of seat.channels) seat.followed?.isFollowed(channel)
      }
    },
  }
}
