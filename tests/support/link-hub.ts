import type { Link, LinkEvents, NodeId } from "../../src/cluster/link"

/** A link whose words go through this process. */
export interface HubLink extends Link {
  /** Gone; the others learn of it at once. */
  leave(): void
  /** Not heard, and hearing nothing, until `comeBack`; it does not know, and the others lose it. */
  pause(): void
  comeBack(): void
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
  /** As `cut`, and every node loses all others, until `mend`. */
  part(): void
}

interface Seat {
  readonly node: NodeId
  readonly topics: Map<string, (word: unknown, from: NodeId) => unknown>
  readonly channels: Set<string>
  readonly events: Partial<LinkEvents>[]
  /** Null: it is not paused; otherwise the nodes that were there when it was. */
  knewBefore: ReadonlySet<NodeId> | null
  followed: Parameters<Link["onFollowed"]>[0] | undefined
}

/** No node has it. */
const NOBODY = "" as NodeId

/** Nodes of one process, which hear each other at once: for tests of what is built upon links. */
export function createLinkHub(): LinkHub {
  const seats = new Map<NodeId, Seat>()
  let held: (() => void)[] | null = null
  let isCut = false
  let isParted = false
  let count = 0

  const others = (node: NodeId) =>
    [...seats.values()].filter((seat) => seat.node !== node && seat.knewBefore === null)
  const isPaused = (node: NodeId) => seats.get(node)?.knewBefore !== null
  const idsOf = (those: readonly Seat[]) => new Set(those.map(({ node }) => node))

  function carry(from: NodeId, deliver: () => void): void {
    if (isCut || isPaused(from)) return
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
      knewBefore: null,
      followed: undefined,
    }
    for (const other of isParted ? [] : others(node)) {
      for (const it of other.events) it.nodeJoined?.(node)
    }
    seats.set(node, seat)
    return {
      node,
      get others() {
        return isParted ? new Set<NodeId>() : (seat.knewBefore ?? idsOf(others(node)))
      },
      get isUp() {
        return !isCut
      },
      tell: (topic, word) =>
        carry(node, () => {
          for (const it of others(node)) it.topics.get(topic)?.(copy(word), node)
        }),
      hear: (topic, heard) => {
        seat.topics.set(topic, heard)
      },
      tellNode: (to, topic, word) =>
        carry(node, () => {
          if (!isPaused(to)) seats.get(to)?.topics.get(topic)?.(copy(word), node)
        }),
      tellFollowers: (channel, word) =>
        carry(node, () => {
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
        for (const it of isParted ? [] : others(node)) events.nodeJoined?.(it.node)
      },
      leave() {
        const isKnown = seat.knewBefore === null && !isParted
        seats.delete(node)
        if (isKnown) lose(node)
      },
      pause() {
        if (seat.knewBefore !== null) return
        seat.knewBefore = idsOf(others(node))
        if (!isParted) lose(node)
      },
      comeBack() {
        const { knewBefore } = seat
        if (knewBefore === null) return
        seat.knewBefore = null
        const alive = idsOf(others(node))
        for (const it of seat.events) {
          for (const other of knewBefore) {
            if (isParted || !alive.has(other)) it.nodeLeft?.(other)
          }
          if (isParted) continue
          for (const other of alive) if (!knewBefore.has(other)) it.nodeJoined?.(other)
        }
        if (isParted) return
        for (const other of others(node)) for (const it of other.events) it.nodeJoined?.(node)
        for (const it of seat.events) it.missed?.(null)
      },
    }
  }

  function lose(node: NodeId): void {
    for (const other of others(node)) {
      for (const it of other.events) it.nodeLeft?.(node)
    }
  }

  return {
    join,
    part() {
      isCut = true
      if (isParted) return
      isParted = true
      for (const seat of others(NOBODY)) {
        for (const other of others(seat.node)) {
          for (const it of seat.events) it.nodeLeft?.(other.node)
        }
      }
    },
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
      const wasParted = isParted
      isParted = false
      for (const seat of others(NOBODY)) {
        for (const other of wasParted ? others(seat.node) : []) {
          for (const it of seat.events) it.nodeJoined?.(other.node)
        }
        for (const it of seat.events) it.missed?.(null)
        for (const channel of seat.channels) seat.followed?.isFollowed(channel)
      }
    },
  }
}
