import { randomBytes } from "node:crypto"
import type { Node } from "../../src/cli/node"
import type { Bus } from "../../src/cluster/bus"
import { createLocalBus } from "../../src/cluster/bus.local"
import type { Hearing } from "../../src/cluster/hearing"
import type { Link } from "../../src/cluster/link"
import { createLocalPresence } from "../../src/cluster/presence.local"
import { readConfig } from "../../src/config"
import type { Files } from "../../src/files"
import { createLog, type Log } from "../../src/ops/log"
import { createMeters } from "../../src/ops/meters"
import { createWriteHealth } from "../../src/ops/write-health"
import { createWebClient } from "../../src/pages/web-client"
import { createServer, type Resources } from "../../src/server"
import { createStore, openSqlite, type Store } from "../../src/store"
import { createClock, type TestClock } from "./clock"
import { isOnPostgres, openStore } from "./databases"
import { openFiles } from "./files"
import { forgetServer, watchServer } from "./strange"

export interface TestServer {
  /** http://127.0.0.1:port */
  readonly url: string
  readonly clock: TestClock
  readonly store: Store
  /** Every address that the server has, with the schemas of what it takes. */
  readonly routes: readonly TestRoute[]
  /** Where uploads are kept. */
  readonly filesFolder: string
  /** Says goodbye for half a second at most, if it is not told otherwise. */
  stop(how?: { readonly drainMs: number }): Promise<void>
}

export interface TestRoute {
  readonly method: string
  readonly path: string
  /** What of it a test looks at, which Elysia types by route. */
  readonly hooks: { readonly body?: unknown; readonly query?: unknown }
}

export interface TestServerOptions {
  /** Settings as in the environment, on top of the defaults of development. */
  readonly env?: Readonly<Record<string, string>>
  /** A database file; without it, one in memory. */
  readonly path?: string
  readonly tokenSecret?: Uint8Array
  /** To other nodes; without it, it is alone. */
  readonly link?: Link
  /** Where uploads are kept; without it, in a folder of its own. */
  readonly files?: Files
  /** Where it logs to; without it, nowhere. */
  readonly log?: Log
  /** How often it looks at its connections, for tests that wait for that; else once a second. */
  readonly sweepMs?: number
  /** Where it listens, as one that was there before; else on a port that is free. */
  readonly port?: number
  /** What link previews may ask, where they are on. */
  readonly previewing?: Resources["previewing"]
  /** How long after a message its words are taken in, without anybody searching; else never. */
  readonly indexAfterMs?: number
  /** Of one node of many, which learns of what the others do by its bus alone. */
  readonly node?: { readonly bus: Bus; readonly hearing: Hearing }
  /** Of one node of many, all that it has to do with the others, as where it is deployed. */
  readonly linked?: Node
  /** Where nodes share one; without it, a clock of its own. */
  readonly clock?: TestClock
  /** What each read of the database waits for, where a test holds it up; else nothing. */
  readonly beforeReads?: () => Promise<void>
}

/** Hashing as cheap as argon2 allows: tests log in often. */
const TEST_PASSWORD_COST = { memoryKib: 8, passes: 1 }

/** Bundled once, by whichever test first opens a page, as a server in production sends it. */
const webClient = createWebClient({ isProduction: true })

/** Nothing is written but what a test does; a search takes in what it needs. */
const NEVER_MS = 2 ** 31 - 1

/** As over a network: between a read and what follows it others have their turn. */
const answeringLater = (store: Store): Store => ({
  ...store,
  async read(script) {
    const answer = await store.read(script)
    await new Promise<void>((resolve) => setImmediate(resolve))
    return answer
  },
})

/** Without anything to wait for, the store as it is: reads of SQLite take no turn. */
function heldUp(store: Store, beforeReads: (() => Promise<void>) | undefined): Store {
  if (beforeReads === undefined) return store
  return {
    ...store,
    async read(script) {
      await beforeReads()
      return await store.read(script)
    },
  }
}

/** A real server with all that it lives on, in memory, which never listens. */
export function assembleServer() {
  const ground = layGround()
  return serverOn(createStore(openSqlite({ path: ":memory:", ...ground.reports })), ground, {})
}

/** What a server and its store have in common. */
function layGround({ node, linked }: Pick<TestServerOptions, "node" | "linked"> = {}) {
  const bus = linked?.bus ?? node?.bus ?? createLocalBus()
  const meters = createMeters()
  const writeHealth = createWriteHealth()
  const reports = {
    publish: bus.publish,
    onBatch: meters.batch,
    onTrouble: writeHealth.failed,
    onStored: writeHealth.stored,
  }
  return { bus, meters, writeHealth, reports }
}

function serverOn(
  database: Store,
  { bus, meters, writeHealth }: ReturnType<typeof layGround>,
  options: TestServerOptions,
) {
  // No test asks the web by the way: one that is about previews says what they may ask.
  const config = readConfig({ LOG_LEVEL: "silent", CHAT_LINK_PREVIEWS: "off", ...options.env })
  const { node, linked, clock = createClock() } = options
  const uploaded = openFiles()
  const nodeStore =
    node === undefined ? database : answeringLater({ ...database, changedElsewhere: () => false })
  const store = heldUp(nodeStore, options.beforeReads)
  const server = createServer(
    {
      store,
      files: options.files ?? uploaded.files,
      bus,
      cluster: clusterOf(options),
      presence: linked?.presence ?? createLocalPresence(),
      link: linked?.link ?? options.link ?? null,
      tokenSecret: options.tokenSecret ?? randomBytes(32),
      passwordCost: TEST_PASSWORD_COST,
      webClient,
      ...(options.sweepMs === undefined ? {} : { sweepMs: options.sweepMs }),
      ...(options.previewing === undefined ? {} : { previewing: options.previewing }),
      indexAfterMs: options.indexAfterMs ?? NEVER_MS,
      meters,
      writeHealth,
      version: "0.0.0",
      log: options.log ?? createLog(config.LOG_LEVEL),
      now: clock.now,
    },
    config,
  )
  return { server, store, clock, uploaded }
}

/** Many nodes, or one whose database answers later, tell each room in order by themselves. */
function clusterOf({ node, linked }: TestServerOptions) {
  if (linked !== undefined) return linked.cluster
  if (node !== undefined) return { hearing: node.hearing }
  return isOnPostgres ? { hearing: null } : undefined
}

/** A real server in this process, on a free port, with a clock that the test may move. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const ground = layGround(options)
  const { path } = options
  const opened = await openStore({ ...ground.reports, ...(path === undefined ? {} : { path }) })
  const { server, store, clock, uploaded } = serverOn(opened, ground, options)
  await options.linked?.link?.open()
  const url = server.listen({ port: options.port ?? 0, hostname: "127.0.0.1" })
  watchServer(url)
  return {
    url,
    clock,
    store,
    routes: server.app.routes,
    filesFolder: uploaded.folder,
    async stop(how = { drainMs: 500 }) {
      await server.stop(how)
      forgetServer(url)
      uploaded.remove()
      await options.linked?.close()
      await store.close()
    },
  }
}
