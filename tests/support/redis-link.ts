import { randomUUID } from "node:crypto"
import { createRedisLink, type LinkPace, type RedisLink } from "../../src/cluster/link.redis"
import { BEAT_MS, NODE_LOST_MS, SETTLE_MS } from "../../src/cluster/timing"
import { waitUntil } from "./wait"

const PROCESS = `${import.meta.dir}/link-process.ts`

/** A node of this process, with all that it has heard and was told of. */
export interface TestNode extends RedisLink {
  /** Words on the topic `t` and in followed channels, as they came. */
  readonly words: unknown[]
  /** `joined`, `left`, `missed`, `missed all`, `followed c`, `up`, `down`, as they came. */
  readonly happened: string[]
  /** Why it was cut off, the last time. */
  readonly reasons: string[]
  readonly troubles: unknown[]
  /** Waits for so many words. */
  heardCount(count: number): Promise<void>
  /** Waits for what has `happened`; and begins a new list. */
  saw(what: string, withinMs?: number): Promise<void>
}

export interface TestNodeOptions {
  readonly url: string
  readonly prefix: string
  readonly pace?: LinkPace
}

const IN_EARNEST: LinkPace = { beatMs: BEAT_MS, lostMs: NODE_LOST_MS, settleMs: SETTLE_MS }

/** A fifth of what it is in earnest: for tests that wait for silence. */
export const FAST: LinkPace = { beatMs: 100, lostMs: 1_000, settleMs: 600 }

/** Of an installation that no other test speaks to. */
export const freshPrefix = (): string => `test-${randomUUID()}`

export async function openNode(options: TestNodeOptions): Promise<TestNode> {
  const node = createNode(options)
  await node.open()
  return node
}

export function createNode(options: TestNodeOptions): TestNode {
  const words: unknown[] = []
  const happened: string[] = []
  const reasons: string[] = []
  const troubles: unknown[] = []
  const link = createRedisLink({
    ...options,
    onUp: () => happened.push("up"),
    onDown: (reason) => {
      happened.push("down")
      reasons.push(reason)
    },
    onTrouble: (error) => troubles.push(error),
  })
  link.hear("t", (word) => words.push(word))
  link.onFollowed({
    heard: (word) => words.push(word),
    isFollowed: (channel) => happened.push(`followed ${channel}`),
  })
  link.on({
    nodeJoined: () => happened.push("joined"),
    nodeLeft: () => happened.push("left"),
    missed: (node) => happened.push(node === null ? "missed all" : "missed"),
  })
  return Object.defineProperties(
    {
      ...link,
      words,
      happened,
      reasons,
      troubles,
      heardCount: (count: number) =>
        waitUntil(`${count} words are heard, not ${words.length}`, () => words.length >= count),
      async saw(what: string, withinMs?: number) {
        await waitUntil(`it is told: ${what}`, () => happened.includes(what), withinMs)
        happened.length = 0
      },
    },
    { isUp: { get: () => link.isUp } },
  )
}

/** Nodes that know each other, and have forgotten how they met. */
export async function openNodes(
  count: number,
  options: TestNodeOptions,
): Promise<readonly TestNode[]> {
  const nodes = await Promise.all(Array.from({ length: count }, () => openNode(options)))
  await waitUntil("all nodes know each other", () =>
    nodes.every(({ others }) => others.size === count - 1),
  )
  for (const { happened } of nodes) happened.length = 0
  return nodes
}

/** A node in a process of its own. Resolves when `node` knows it. */
export async function openOutside(node: TestNode, { url, prefix, pace }: TestNodeOptions) {
  const before = node.others.size
  const child = Bun.spawn([process.execPath, "--no-env-file", PROCESS], {
    env: {
      PATH: process.env.PATH ?? "",
      LINK_URL: url,
      LINK_PREFIX: prefix,
      LINK_PACE: JSON.stringify(pace ?? IN_EARNEST),
    },
    stdio: ["ignore", "inherit", "inherit"],
  })
  const killAtExit = () => child.kill("SIGKILL")
  process.once("exit", killAtExit)
  void child.exited.then(() => process.off("exit", killAtExit))
  await waitUntil("the other process is there", () => node.others.size > before)
  node.happened.length = 0
  return {
    pause: () => child.kill("SIGSTOP"),
    resume: () => child.kill("SIGCONT"),
    async kill() {
      child.kill("SIGKILL")
      await child.exited
    },
  }
}
