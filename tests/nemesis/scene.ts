import { type ClusterNode, startCluster, type TestCluster } from "../support/cluster"
import { type Person, person, roomOf } from "../support/people"
import { startPostgres } from "../support/postgres"
import { startRedis } from "../support/redis"
import { type Churn, startChurn } from "./churn"
import { NemesisClient } from "./client"
import { createDelays, type Delays } from "./delays"
import { type Listener, listenByRoomPath, listenBySocketIo } from "./listener"
import type { Random } from "./random"
import { createTroubles, type Troubles } from "./troubles"
import { createVisitor, type Visitor } from "./visitors"

export interface SceneOptions {
  readonly random: Random
  readonly nodes: number
  readonly clientsPerNode: number
  readonly publicRooms: number
}

export interface SceneRoom {
  readonly id: string
  readonly epoch: string
}

/** A cluster with everybody who is there while it is broken. */
export interface Scene {
  readonly cluster: TestCluster
  /** The nodes that run, each at a place of its own: who is started in one's place is another. */
  readonly nodes: ClusterNode[]
  readonly random: Random
  readonly rooms: readonly SceneRoom[]
  /** The last of the rooms, where members come and go. */
  readonly churned: SceneRoom
  readonly presenceRoom: SceneRoom
  readonly owner: Person
  readonly clients: readonly SettledClient[]
  readonly listeners: readonly Listener[]
  readonly churns: readonly Churn[]
  readonly visitors: readonly SettledVisitor[]
  readonly delays: Delays
  readonly troubles: Troubles
  close(): Promise<void>
}

/** Whose place is at one node, wherever they have gone when it was away. */
interface Settled {
  /** The place of the node. */
  readonly home: number
  /** From here on its next connection is to its own node. */
  goHome(): void
}

export interface SettledClient extends Settled {
  readonly client: NemesisClient
}

export interface SettledVisitor extends Settled {
  readonly visitor: Visitor
}

const OUTSTANDING = 6
const PACE_MS = 150
const RECONNECT_MS = 100
const ANSWER_WITHIN_MS = 6_000
const CONNECT_WITHIN_MS = 4_000
const CHURNS = 2
const VISITORS_PER_NODE = 2

export async function openScene(options: SceneOptions): Promise<Scene> {
  const { random } = options
  const cleanups: (() => unknown)[] = []
  const close = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  }
  try {
    const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
    cleanups.push(postgres.remove, redis.remove)
    const cluster = await startCluster({
      nodes: options.nodes,
      hasProxies: "to Redis",
      env: { CHAT_DRAIN_SECONDS: "3", CHAT_MAX_ROOMS_PER_USER: "0" },
      postgres,
      redis,
    })
    cleanups.push(cluster.stop)
    const nodes = [...cluster.nodes]
    const people = await gather(nodes, options)
    return { cluster, nodes, random, ...people, close }
  } catch (error) {
    await close()
    throw error
  }

  async function gather(nodes: readonly ClusterNode[], { clientsPerNode }: SceneOptions) {
    const [first] = nodes
    if (first === undefined) throw new Error("there is no node")
    const register = (kind: string, count: number) => registerAll(nodes, kind, count)
    const senders = await register("sender", nodes.length * clientsPerNode)
    const comers = await register("comer", CHURNS)
    const guests = await register("visitor", nodes.length * VISITORS_PER_NODE)
    const [owner] = senders
    const [host] = guests
    if (owner === undefined || host === undefined) throw new Error("nobody is there")
    const rooms: SceneRoom[] = []
    while (rooms.length < options.publicRooms) rooms.push(await roomOf(owner, senders.slice(1)))
    const churned = await privateRoomOf(owner, senders.slice(1))
    const presenceRoom = await roomOf(host, guests.slice(1))
    const delays = createDelays()
    const troubles = createTroubles(() => performance.now())

    const clients = senders.map((it, index): SettledClient => {
      const home = index % nodes.length
      const { address, goHome } = startAt(nodes, home)
      const client = new NemesisClient({
        person: it,
        rooms: [...rooms, churned],
        address,
        outstanding: OUTSTANDING,
        reconnectMs: RECONNECT_MS,
        watch: delays,
        patience: {
          forgives: ["overloaded"],
          // One of them waits for as long as it takes.
          answerWithinMs: index === 0 ? Number.POSITIVE_INFINITY : ANSWER_WITHIN_MS,
          connectWithinMs: CONNECT_WITHIN_MS,
          paceMs: PACE_MS,
        },
      })
      cleanups.push(() => client.close())
      return { client, home, goHome }
    })
    const listeners = senders.slice(0, nodes.length).flatMap((it, home) => {
      const { id: roomId } = rooms[home % rooms.length] ?? churned
      const byPath = { person: it, roomId, address: startAt(nodes, home).address }
      const bySocketIo = { ...byPath, address: startAt(nodes, home + 1).address }
      return [listenByRoomPath(byPath), listenBySocketIo(bySocketIo)]
    })
    cleanups.push(() => {
      for (const it of listeners) it.close()
    })
    const churns = comers.map((it, index) =>
      startChurn({
        person: it,
        owner,
        roomId: churned.id,
        address: startAt(nodes, index + 1).address,
        ownersAddress: startAt(nodes, index).address,
        random: random.fork(),
        troubles,
      }),
    )
    const visitors = guests.map((it, index): SettledVisitor => {
      const home = index % nodes.length
      const { address, goHome } = startAt(nodes, home)
      const visitor = createVisitor(it, presenceRoom.id, address)
      visitor.come()
      cleanups.push(visitor.go)
      return { visitor, home, goHome }
    })
    const things = { rooms: [...rooms, churned], churned, presenceRoom, owner, delays, troubles }
    return { ...things, clients, listeners, churns, visitors }
  }
}

/** At the next node with each try, beginning at one's own. */
function startAt(nodes: readonly ClusterNode[], home: number) {
  let tries = 0
  return {
    address(): string {
      const node = nodes[(home + tries++) % nodes.length]
      if (node === undefined) throw new Error("there is no node")
      return node.url
    },
    goHome(): void {
      tries = 0
    },
  }
}

/** At each node one after the other: hashing their passwords at once would take the memory of all. */
async function registerAll(
  nodes: readonly ClusterNode[],
  kind: string,
  count: number,
): Promise<Person[]> {
  const people: Person[] = []
  while (people.length < count) {
    const next = nodes.slice(0, count - people.length)
    const from = people.length
    const register = ({ url }: ClusterNode, index: number) => person(url, `${kind}-${from + index}`)
    people.push(...(await Promise.all(next.map(register))))
  }
  return people
}

async function privateRoomOf(owner: Person, others: readonly Person[]): Promise<SceneRoom> {
  const { body: room } = await owner.post("/rooms", { name: "members only", type: "private" })
  for (const { id } of others) await owner.put(`/rooms/${room.id}/members/${id}`)
  return (await owner.get(`/rooms/${room.id}`)).body
}
