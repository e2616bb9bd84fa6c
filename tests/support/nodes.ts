import { createLinkedBus } from "../../src/cluster/bus.linked"
import { hearingOf } from "../../src/cluster/hearing"
import type { BusMessage } from "../../src/protocol/events"
import { createLinkHub, type HubLink, type LinkHub } from "./link-hub"
import { asPerson, type Person } from "./people"
import { createScratch } from "./scratch"
import { startServer, type TestServer } from "./server"

/** Hands a word on to the node that it has come to; or later, or twice, or never. */
export type Carry = (message: BusMessage, deliver: () => void) => void

export interface TestNode extends TestServer {
  /** How what other nodes tell comes to this one. */
  carry: Carry
}

export interface Nodes {
  readonly hub: LinkHub
  readonly nodes: readonly [TestNode, TestNode]
  stop(): Promise<void>
}

const NO_LIMITS = {
  CHAT_HTTP_MAX_PER_MIN: "0",
  CHAT_AUTH_MAX_PER_MIN: "0",
  CHAT_MAX_MESSAGES_PER_MIN: "0",
  CHAT_MAX_JOINS_PER_MIN: "0",
  CHAT_MAX_ROOMS_PER_USER: "0",
}

/** Two servers on one database, which hear each other. */
export async function openNodes(): Promise<Nodes> {
  const scratch = createScratch()
  const path = scratch.path("parley.db")
  const tokenSecret = new Uint8Array(32).fill(7)
  const hub = createLinkHub()
  const open = async (): Promise<TestNode> => {
    const state = { carry: ((_, deliver) => deliver()) as Carry }
    const link = hub.join()
    const bus = busOver(link, (...it) => state.carry(...it))
    const hearing = hearingOf(link, bus.onFollowed)
    const server = await startServer({ path, tokenSecret, env: NO_LIMITS, node: { bus, hearing } })
    return Object.assign(state, server)
  }
  const nodes = [await open(), await open()] as const
  return {
    hub,
    nodes,
    async stop() {
      for (const node of nodes) await node.stop()
      scratch.remove()
    },
  }
}

/** The same person, asking another server. */
export const at = ({ url }: { readonly url: string }, { id, name, token, refreshToken }: Person) =>
  asPerson(url, {
    status: 200,
    headers: new Headers(),
    body: { access_token: token, refresh_token: refreshToken, user: { id, username: name } },
  })

/** The bus of a node, whose words from other nodes come by way of the test. */
function busOver(link: HubLink, carry: Carry) {
  const by =
    <Rest extends readonly unknown[]>(heard: (word: unknown, ...rest: Rest) => unknown) =>
    (word: unknown, ...rest: Rest): unknown =>
      // What the other node's bus told: nobody else speaks on this link.
      carry(word as BusMessage, () => void heard(word, ...rest))
  return createLinkedBus({
    // A bus asks neither who is there nor whether words get through, which stand still here.
    ...link,
    hear: (topic, heard) => link.hear(topic, by(heard)),
    onFollowed: ({ heard, isFollowed }) => link.onFollowed({ heard: by(heard), isFollowed }),
  })
}
