import type { Bus } from "../../src/cluster/bus"
import { hearingOf } from "../../src/cluster/hearing"
import type { BusMessage } from "../../src/protocol/events"
import type { RoomNumericId } from "../../src/protocol/ids"
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
    const { bus, onFollowed } = busOver(link, (...it) => state.carry(...it))
    const hearing = hearingOf(link, onFollowed)
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

/** What is told to those alone who follow the room. */
const IN_ROOM: ReadonlySet<BusMessage["type"]> = new Set([
  ...(["message.created", "message.updated", "message.deleted"] as const),
  ...(["member.joined", "member.left", "member.updated"] as const),
  ...(["room.updated", "room.deleted", "typing", "read", "presence"] as const),
  ...(["room.entered", "room.exited"] as const),
])

function busOver(link: HubLink, carry: Carry) {
  let receiver: (message: BusMessage) => void = () => undefined
  let followed: (room: RoomNumericId) => void = () => undefined
  const hear = (word: unknown) => {
    // What the other node's bus told, copied.
    const message = word as BusMessage
    carry(message, () => receiver(message))
  }
  link.hear("bus", hear)
  link.onFollowed({ heard: hear, isFollowed: (room) => followed(Number(room) as RoomNumericId) })
  const bus: Bus = {
    publish(message) {
      receiver(message)
      const room = "room" in message && IN_ROOM.has(message.type) ? message.room : null
      if (room === null) link.tell("bus", message)
      else link.tellFollowers(String(room.numericId), message)
      return undefined
    },
    subscribe: (receive) => {
      receiver = receive
    },
    follow: (room) => link.follow(String(room)),
    unfollow: (room) => link.unfollow(String(room)),
  }
  return {
    bus,
    onFollowed: (isFollowed: typeof followed) => {
      followed = isFollowed
    },
  }
}
