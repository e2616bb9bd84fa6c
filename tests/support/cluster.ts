import { randomBytes } from "node:crypto"
import { sharedPostgres, type TestPostgres } from "./postgres"
import { startProxy, type TestProxy } from "./proxy"
import { startRedis, type TestRedis } from "./redis"
import { createScratch } from "./scratch"
import { type ServerProcess, startServerProcess, UNLIMITED } from "./server-process"

/** One server of many: a process of its own. */
export interface ClusterNode extends ServerProcess {
  /** SIGSTOP: connections stay open and nothing is answered. */
  pause(): void
  resume(): void
  /** Its ways to what the nodes share. Without `hasProxies` there is none to break. */
  readonly toPostgres: TestProxy | null
  readonly toRedis: TestProxy | null
}

/** Servers that share a database and a Redis, and so are one. */
export interface TestCluster {
  /** In the order in which they were started, with those that have ended. */
  readonly nodes: readonly ClusterNode[]
  /** The database, past all proxies: for tests that look into it. */
  readonly databaseUrl: string
  readonly postgres: TestPostgres
  readonly redis: TestRedis
  /** A further node. Resolves when it listens. */
  start(env?: Readonly<Record<string, string>>): Promise<ClusterNode>
  /** Ends all nodes, without waiting for their goodbyes, and takes away what they had. */
  stop(): Promise<void>
}

export interface TestClusterOptions {
  readonly nodes: number
  /** For all nodes, on top of a server without limits. */
  readonly env?: Readonly<Record<string, string>>
  /**
   * Each node has ways of its own, which the test may break: to the database and to Redis, or to
   * Redis alone.
   */
  readonly hasProxies?: boolean | "to Redis"
  /** Those that the test may stop, and takes away itself; without them, ones of no trouble. */
  readonly postgres?: TestPostgres
  readonly redis?: TestRedis
}

export async function startCluster(options: TestClusterOptions): Promise<TestCluster> {
  const postgres = options.postgres ?? (await sharedPostgres())
  // Not one for all clusters: nodes of two would take each other for their own.
  const redis = options.redis ?? (await startRedis())
  const database = await postgres.freshDatabase()
  const secret = randomBytes(32).toString("hex")
  const nodes: ClusterNode[] = []
  const cleanups: (() => unknown)[] = []
  if (options.redis === undefined) cleanups.push(redis.remove)
  if (options.postgres === undefined) cleanups.push(database.drop)

  async function way(port: number): Promise<TestProxy | null> {
    const { hasProxies = false } = options
    if (hasProxies === false || (hasProxies === "to Redis" && port !== redis.port)) return null
    const proxy = await startProxy(port)
    cleanups.push(proxy.close)
    return proxy
  }

  async function start(env: Readonly<Record<string, string>> = {}): Promise<ClusterNode> {
    const [toPostgres, toRedis] = [await way(postgres.port), await way(redis.port)]
    // None knows another's folder: whatever one is told, the others learn from what they share.
    const scratch = createScratch()
    cleanups.push(scratch.remove)
    const node = await startServerProcess({
      dataDir: scratch.path("data"),
      env: {
        ...UNLIMITED,
        JWT_SECRET: secret,
        DATABASE_URL: toPostgres?.through(database.url) ?? database.url,
        REDIS_URL: toRedis?.through(redis.url) ?? redis.url,
        ...options.env,
        ...env,
      },
    })
    cleanups.push(node.kill)
    const started: ClusterNode = {
      ...node,
      toPostgres,
      toRedis,
      pause: () => process.kill(node.pid, "SIGSTOP"),
      resume: () => process.kill(node.pid, "SIGCONT"),
    }
    nodes.push(started)
    return started
  }

  async function stop(): Promise<void> {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  }

  try {
    // One after the other: who comes first prepares the database.
    for (let count = 0; count < options.nodes; count++) await start()
  } catch (error) {
    await stop()
    throw error
  }
  return { nodes, databaseUrl: database.url, postgres, redis, start, stop }
}
