import { envelopeStart, openEnvelope } from "./envelope"
import { createFollowing } from "./following"
import { createHeeding } from "./heeding"
import type { Link, LinkEvents, NodeId } from "./link"
import { createOutbox } from "./outbox"
import { createPeers } from "./peers"
import { createRedisLine } from "./redis-line"
import { createSettling } from "./settling"
import { BEAT_MS, NODE_LOST_MS, SETTLE_MS } from "./timing"

export interface RedisLinkOptions {
  /** redis:// or rediss://, with user and password where Redis wants them. */
  readonly url: string
  /** Nodes hear those of the same prefix and the same database, and no others. */
  readonly prefix: string
  readonly onUp: () => void
  /** Told once for each time that Redis is away; the reason holds no secret. */
  readonly onDown: (reason: string) => void
  /** A word of another node, on a topic of ours, has made its listener fail. */
  readonly onTrouble: (error: unknown) => void
  /** For tests; without it, that of timing.ts. */
  readonly pace?: LinkPace
}

export interface LinkPace {
  readonly beatMs: number
  readonly lostMs: number
  readonly settleMs: number
}

export interface LinkState {
  readonly isUp: boolean
  /** Other nodes that are alive. */
  readonly others: number
  /** Words since this node began, beats included. */
  readonly told: number
  readonly heard: number
  /** Told while Redis was away, or refused by it. */
  readonly dropped: number
  /** What came on our channels and was no word of a node. */
  readonly malformed: number
  /** How often Redis was there again after it was away. */
  readonly reconnections: number
}

export interface RedisLink extends Link {
  /**
   * Begins to speak and to listen; so all listeners must be there before. Resolves when words get
   * through, or after a short while whether or not they do. Never rejects. `database`: which one
   * the nodes share, known only when it is open.
   */
  open(database?: string): Promise<void>
  /** Says goodbye, so that nobody waits for this node. Never rejects. */
  close(): Promise<void>
  state(): LinkState
}

const PACE: LinkPace = { beatMs: BEAT_MS, lostMs: NODE_LOST_MS, settleMs: SETTLE_MS }

/** Topics of the link's own, which none of the server's can be called. */
const BEAT = "~beat"
const SETTLE = "~settle"
const SETTLED = "~settled"
const GOODBYE = "~goodbye"

/**
 * Nodes speak by Redis' publish and subscribe: everybody listens on one channel, each node on one
 * of its own, and followers on one for each channel that they follow. Redis keeps nothing, so what
 * is told while a node is not connected is lost to it; docs/decisions/0017-nodes-speak-by-redis.md
 * says how that is noticed.
 */
export function createRedisLink(options: RedisLinkOptions): RedisLink {
  const { url, prefix, onUp, onDown, onTrouble, pace = PACE } = options
  // What is made later is greater: the smallest of all nodes is the oldest, and changes seldom.
  const node = Bun.randomUUIDv7() as NodeId
  let toAll = `${prefix}:all`
  let toNodes = `${prefix}:node:`
  let toFollowers = `${prefix}:in:`
  const toNode = (to: NodeId) => `${toNodes}${to}`
  const nameOf = (channel: string) => channel.slice(toFollowers.length)
  const ownStart = envelopeStart(node)
  const listeners: Partial<LinkEvents>[] = []
  const topics = new Map<string, (word: unknown, from: NodeId) => unknown>()
  let followed: Parameters<Link["onFollowed"]>[0] | undefined
  const counts = { told: 0, heard: 0, malformed: 0 }
  let timer: Timer | undefined
  let tickedAt = 0

  const now = () => performance.now()
  const heeding = createHeeding({ onTrouble })
  const line = createRedisLine({
    url,
    channels: () => [toAll, toNode(node)],
    silentMs: pace.lostMs / 2,
    heard: onText,
    onOpen: () => {
      peers.excuse()
      beat()
    },
    onUp: () => {
      onUp()
      following.useSubscriber(line.subscriber())
      each((it) => it.missed?.(null))
      settling.askAgain()
    },
    onDown,
    onGivenUp: () => {
      outbox.wasLost()
      following.useSubscriber(null)
    },
    onRefused: () => outbox.wasLost(),
    now,
  })
  const outbox = createOutbox({ node, send: line.send })
  const peers = createPeers({
    events: {
      nodeJoined(other) {
        // It need not wait for the next beat to know of us.
        beat()
        each((it) => it.nodeJoined?.(other))
      },
      nodeLeft(other) {
        settling.left(other)
        each((it) => it.nodeLeft?.(other))
      },
      missed: (other) => each((it) => it.missed?.(other)),
    },
    lostMs: pace.lostMs,
    onTrouble,
    now,
  })
  const following = createFollowing({
    isFollowed: (channel) => heeding.run(() => followed?.isFollowed(nameOf(channel))),
    onTrouble: (error) => line.giveUp(error),
  })
  const settling = createSettling({
    others: peers.alive,
    ask: (round) => put(toAll, [SETTLE, round]),
    settleMs: pace.settleMs,
  })

  topics.set(BEAT, () => undefined)
  topics.set(SETTLE, (round, from) => {
    heeding.whenAllIsHeeded(() => put(toNode(from), [SETTLED, round]))
  })
  topics.set(SETTLED, (round, from) => {
    if (typeof round === "number") settling.answered(from, round)
  })
  topics.set(GOODBYE, (_word, from) => peers.saidGoodbye(from))

  function nameChannels(start: string): void {
    toAll = `${start}:all`
    toNodes = `${start}:node:`
    toFollowers = `${start}:in:`
  }

  /** One listener's failure is not the others'. */
  function each(tell: (it: Partial<LinkEvents>) => unknown): void {
    for (const it of listeners) heeding.run(() => tell(it))
  }

  const beat = () => put(toAll, [BEAT, null])

  function put(channel: string, word: unknown): void {
    counts.told++
    heeding.run(() => outbox.put(channel, JSON.stringify(word), channel === toAll))
  }

  function onText(text: string, channel: string): void {
    if (text.startsWith(ownStart)) {
      line.heardOwn()
      return
    }
    const envelope = openEnvelope(text)
    if (envelope === null) {
      counts.malformed++
      return
    }
    if (!peers.heard(envelope)) return
    for (const word of envelope.words) {
      if (channel.startsWith(toFollowers)) hearFollowed(word, channel, envelope.from)
      else hearTopic(word, envelope.from)
    }
  }

  function hearFollowed(word: unknown, channel: string, from: NodeId): void {
    // Not wanted any more, and on its way when that was told.
    if (!following.has(channel)) return
    counts.heard++
    heeding.run(() => followed?.heard(word, nameOf(channel), from))
  }

  function hearTopic(spoken: unknown, from: NodeId): void {
    if (!Array.isArray(spoken) || typeof spoken[0] !== "string") {
      counts.malformed++
      return
    }
    const [topic, word]: readonly unknown[] = spoken
    // Of a node of another version it may be one that is not known here.
    const hear = topics.get(String(topic))
    if (hear === undefined) return
    counts.heard++
    heeding.run(() => hear(word, from))
  }

  function tick(): void {
    const lateMs = now() - tickedAt - pace.beatMs
    tickedAt = now()
    // A process that stood still for so long may be lost to others, and begins anew. It says
    // nothing before: who hears of it again must be able to rely on being heard.
    if (lateMs > pace.lostMs / 2) {
      peers.excuse()
      line.giveUp("this process stood still")
      return
    }
    // What came meanwhile is read before the next tick: until then nobody is silent.
    if (lateMs <= pace.beatMs) {
      line.lookForSilence()
      peers.sweep()
    }
    beat()
  }

  return {
    node,
    others: peers.alive,
    get isUp() {
      return line.isUp()
    },
    tell: (topic, word) => put(toAll, [topic, word]),
    hear: (topic, heard) => void topics.set(topic, heard),
    tellNode: (to, topic, word) => put(toNode(to), [topic, word]),
    tellFollowers: (channel, word) => put(`${toFollowers}${channel}`, word),
    follow: (channel) => following.follow(`${toFollowers}${channel}`),
    unfollow: (channel) => following.unfollow(`${toFollowers}${channel}`),
    onFollowed: (heard) => {
      followed = heard
    },
    settle: settling.settle,
    on(events) {
      listeners.push(events)
      for (const other of peers.alive) events.nodeJoined?.(other)
    },
    async open(database) {
      if (database !== undefined) nameChannels(`${prefix}:${database}`)
      tickedAt = now()
      timer = setInterval(tick, pace.beatMs)
      await line.open()
    },
    async close() {
      clearInterval(timer)
      put(toAll, [GOODBYE, null])
      outbox.flush()
      await line.close()
      settling.close()
    },
    state: () => ({
      isUp: line.isUp(),
      others: peers.alive.size,
      ...counts,
      ...line.counts,
    }),
  }
}
