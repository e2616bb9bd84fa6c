import type { Envelope } from "./envelope"
import type { LinkEvents, NodeId } from "./link"

export interface PeersDeps {
  readonly events: LinkEvents
  readonly lostMs: number
  readonly onTrouble: (error: unknown) => void
  /** Monotonic, in milliseconds. */
  readonly now: () => number
}

interface Peer {
  heardAt: number
  /** The greatest number heard of it. */
  number: number
  /** That of what it last told everybody; null: nothing yet. */
  forAll: number | null
}

/** Nodes that have said goodbye are remembered, so that no late word brings them back. */
const GONE_MAX = 1_000

/** More than any cluster on one Redis has. Who speaks in so many names is none of ours. */
const PEERS_MAX = 1_000

/** The other nodes: who is alive, and whether all that they told has come. */
export function createPeers({ events, lostMs, onTrouble, now }: PeersDeps) {
  const peers = new Map<NodeId, Peer>()
  const alive = new Set<NodeId>()
  const gone = new Set<NodeId>()

  function join(node: NodeId): Peer {
    const peer: Peer = { heardAt: now(), number: 0, forAll: null }
    peers.set(node, peer)
    alive.add(node)
    events.nodeJoined(node)
    return peer
  }

  function leave(node: NodeId): void {
    if (!peers.delete(node)) return
    alive.delete(node)
    events.nodeLeft(node)
  }

  return {
    alive: alive as ReadonlySet<NodeId>,
    /** Whether its words count. They do not where later ones of that node came before them. */
    heard({ from, number, before }: Envelope): boolean {
      if (gone.has(from)) return false
      const known = peers.get(from)
      if (known === undefined && peers.size >= PEERS_MAX) {
        onTrouble(new Error(`there are ${PEERS_MAX} other servers, and further ones are not heard`))
        return false
      }
      const peer = known ?? join(from)
      peer.heardAt = now()
      // Out of a connection that was given up, and that has brought it all the same.
      if (number <= peer.number) return false
      peer.number = number
      if (before === null) return true
      // Kept also while this node does not listen: what a peer loses after our own gap, because it
      // came back later than we did, is told by nothing else. Of who has just joined all is asked.
      const hasMissed = known !== undefined && peer.forAll !== before
      peer.forAll = number
      if (hasMissed) events.missed(from)
      return true
    },
    saidGoodbye(node: NodeId): void {
      gone.add(node)
      const [oldest] = gone
      if (gone.size > GONE_MAX && oldest !== undefined) gone.delete(oldest)
      leave(node)
    },
    /** Lets go of those of whom nothing was heard for too long. */
    sweep(): void {
      for (const [node, { heardAt }] of peers) {
        if (now() - heardAt > lostMs) leave(node)
      }
    },
    /** Nobody is to be held silent for the time in which this node stood still itself. */
    excuse(): void {
      for (const peer of peers.values()) peer.heardAt = now()
    },
  }
}
