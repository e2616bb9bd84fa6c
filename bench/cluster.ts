/** Parley as a cluster: nodes on a Postgres and a Redis that are this run's own. */
import { randomBytes } from "node:crypto"
import { join } from "node:path"
import type { ConnectionGroup } from "./loader/orders"
import { environment, furnish, parleyFromSource, registerAll } from "./parley"
import { native } from "./protocols"
import { type ServerProcess, startServer } from "./server-process"

interface ClusterOptions {
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly nodes: number
  readonly folder: string
}

/** Where the clients of one node go, and how they take their seats. */
export interface NodeSeats {
  readonly port: number
  readonly groups: ConnectionGroup[]
}

export interface Cluster extends AsyncDisposable {
  readonly nodes: readonly ServerProcess[]
  /** A room in which each of so many users has one connection and sends, spread over the nodes. */
  seat(users: number): Promise<NodeSeats[]>
}

/** Starts so many nodes on one empty database. */
export async function startCluster({
  databaseUrl,
  redisUrl,
  nodes: count,
  folder,
}: ClusterOptions): Promise<Cluster> {
  await using stack = new AsyncDisposableStack()
  const secret = randomBytes(32).toString("base64url")
  // By which these nodes hear each other, and no others on the same Redis.
  const prefix = `bench-${Bun.randomUUIDv7()}`
  const nodes: ServerProcess[] = []
  for (let node = 0; node < count; node++) {
    const server = await startServer({
      command: [...parleyFromSource, "serve"],
      env: {
        ...environment,
        DATA_DIR: join(folder, `node-${Bun.randomUUIDv7()}`),
        PORT: "0",
        DATABASE_URL: databaseUrl,
        REDIS_URL: redisUrl,
        REDIS_PREFIX: prefix,
        JWT_SECRET: secret,
      },
      folder,
    })
    nodes.push(stack.use(server))
  }
  const all = stack.move()

  async function seat(users: number): Promise<NodeSeats[]> {
    const [first] = nodes
    if (first === undefined) throw new Error("a cluster has a node at least")
    const groups = await furnish(first, {
      accounts: await registerAll(first, users),
      seating: { rooms: 1, connectionsPerRoom: users, sendersPerRoom: users, usersPerRoom: users },
      protocol: native,
    })
    return nodes.map(({ port }, node) => ({
      port,
      groups: groups.filter(({ count }) => count > 0).filter((_, seat) => seat % count === node),
    }))
  }

  return { nodes, seat, [Symbol.asyncDispose]: async () => await all.disposeAsync() }
}
