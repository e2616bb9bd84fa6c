/** One node of a cluster, for as long as it runs: a node that starts again is another one. */
export type NodeId = string & { readonly brand: "NodeId" }

/** A promise that a listener returns says when it has done what follows from it: see `settle`. */
export interface LinkEvents {
  /**
   * Another node is there, or there again after it was lost. What it told before is not known
   * here, and must be asked for: it may never have lost this node, and so know of nothing.
   */
  nodeJoined(node: NodeId): unknown
  /**
   * Nothing was heard of it for `NODE_LOST_MS`, or it has said goodbye. To a node that is itself
   * cut off for so long (`isUp` is false) all others are lost.
   */
  nodeLeft(node: NodeId): unknown
  /**
   * Some of what that node told was not heard here; null: some of what any node told, as after
   * each time that this node was cut off, and once at the beginning.
   */
  missed(node: NodeId | null): unknown
}

/**
 * What nodes say to each other. A word reaches each node that listens at most once; words of one
 * node arrive in the order in which they were told. Nothing here rejects or throws, and nothing
 * waits for what carries the words: while that is away they are lost, and `missed` says so later.
 */
export interface Link {
  readonly node: NodeId
  /** The other nodes that are alive. */
  readonly others: ReadonlySet<NodeId>
  /** Whether words get through, as far as this node knows. */
  readonly isUp: boolean
  /**
   * Tells every other node, in a language of its own: `topic` names the part of the server that
   * speaks and listens. A word is anything that JSON can hold.
   */
  tell(topic: string, word: unknown): void
  /**
   * Hears what other nodes tell everybody, or this node, on the topic. Of each topic there is one
   * listener. A promise that it returns says when the word is heeded; any other answer: it is.
   */
  hear(topic: string, heard: (word: unknown, from: NodeId) => unknown): void
  /** Tells one other node. */
  tellNode(node: NodeId, topic: string, word: unknown): void
  /** Tells those other nodes that follow the channel. */
  tellFollowers(channel: string, word: unknown): void
  /** Hears from now on what is told to followers of the channel; `hearFollowed` is called. */
  follow(channel: string): void
  unfollow(channel: string): void
  /**
   * `heard`: as on topics. `isFollowed`: a channel has begun to be heard, for the first time or
   * again after a gap.
   */
  onFollowed(listeners: {
    readonly heard: (word: unknown, channel: string, from: NodeId) => unknown
    readonly isFollowed: (channel: string) => void
  }): void
  /**
   * Resolves when every other node that is alive has heard, and heeded, all that was told before;
   * after `SETTLE_MS` whether or not they have.
   */
  settle(): Promise<void>
  on(events: Partial<LinkEvents>): void
}
