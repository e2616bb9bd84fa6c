import { createLinkedPresence, type LinkedPresence } from "../../src/cluster/presence.linked"
import type { BusMessage } from "../../src/protocol/events"
import { LIMITS } from "../../src/protocol/limits"
import { openChat, type TestChat } from "./chat"
import { createLinkHub, type HubLink, type LinkHub } from "./link-hub"
import { createScratch } from "./scratch"

export interface TestNode extends TestChat {
  readonly link: HubLink
  readonly linked: LinkedPresence
  /** What this node has published itself, in order. */
  readonly said: BusMessage[]
}

export interface TestCluster {
  readonly hub: LinkHub
  readonly nodes: readonly TestNode[]
  /** A further node. */
  join(): Promise<TestNode>
  close(): Promise<void>
}

const TOPIC = "events"

/**
 * Chats that share a database and a hub, and hear what each publishes. Each node's `told` is what
 * clients there could be told.
 */
export async function openCluster(
  size: number,
  { graceMs = LIMITS.offlineGraceMs }: { graceMs?: number } = {},
): Promise<TestCluster> {
  const scratch = createScratch()
  const hub = createLinkHub()
  const nodes: TestNode[] = []

  async function join(): Promise<TestNode> {
    const link = hub.join()
    const said: BusMessage[] = []
    const linked = createLinkedPresence({ link, now: Date.now, graceMs })
    const chat = await openChat({
      path: scratch.path("parley.db"),
      presence: linked,
      startAt: Date.now(),
      onPublish(message) {
        said.push(message)
        link.tell(TOPIC, message)
      },
    })
    link.hear(TOPIC, (word) => {
      // Published by a chat of this cluster, a few lines above.
      const message = word as BusMessage
      chat.told.push(message)
      chat.heed(message)
    })
    const node = { ...chat, link, linked, said }
    nodes.push(node)
    return node
  }

  for (let count = 0; count < size; count++) await join()
  return {
    hub,
    nodes,
    join,
    async close() {
      for (const { linked } of nodes) linked.close()
      for (const node of nodes) await node.close()
      scratch.remove()
    },
  }
}
