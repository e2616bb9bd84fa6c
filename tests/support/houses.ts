import { randomBytes } from "node:crypto"
import { createNode } from "../../src/cli/node"
import type { Link } from "../../src/cluster/link"
import { TELL_COUNTS_MS } from "../../src/cluster/timing"
import { readConfig } from "../../src/config"
import { createLog } from "../../src/ops/log"
import { createClock } from "./clock"
import { databaseSettings } from "./databases"
import { type House, openHouse } from "./house"
import { startRedis, type TestRedis } from "./redis"
import { createScratch } from "./scratch"
import type { TestServerOptions } from "./server"

/** How many servers the stories of all protocols are told to: one, or nodes of a cluster. */
export const NODES = Number(process.env.PARLEY_TEST_NODES ?? "1")

let shared: Promise<TestRedis> | undefined

/** One for all tests of this process that do it no harm. */
async function sharedRedis(): Promise<TestRedis> {
  shared ??= startRedis()
  // A runner that ends a test which takes too long ends all that was started in it.
  if (!(await shared).isRunning()) shared = startRedis()
  return await shared
}

export interface HouseOfNodes {
  readonly nodes: readonly House[]
  /** Settles when every node has heard what the others had told until now. */
  settle(): Promise<void>
  /** Settles when what each has counted holds on the others. */
  countsTold(): Promise<void>
}

/**
 * A house of so many nodes: servers of this process that share a database and speak by Redis, and
 * have no way to each other but these. They share a clock, as machines do whose clocks are right.
 */
export async function openHouses(
  count: number,
  options: TestServerOptions = {},
): Promise<HouseOfNodes> {
  if (count === 1) {
    const done = () => Promise.resolve()
    return { nodes: [await openHouse(options)], settle: done, countsTold: done }
  }
  const scratch = createScratch()
  const path = scratch.path("parley.db")
  const { url: REDIS_URL } = await sharedRedis()
  const config = readConfig({
    LOG_LEVEL: "silent",
    ...(await databaseSettings(path)),
    REDIS_URL,
    // They hear each other, and nobody else of those that have the same Redis.
    REDIS_PREFIX: `test-${randomBytes(6).toString("hex")}`,
  })
  const common = { ...options, path, tokenSecret: randomBytes(32), clock: createClock() }
  const nodes: House[] = []
  const links: (Link | null)[] = []
  for (let nth = 0; nth < count; nth++) {
    const linked = await createNode(config, createLog("silent"))
    const node = await openHouse({ ...common, linked })
    links.push(linked.link)
    nodes.push({
      ...node,
      async stop() {
        await node.stop()
        if (nth === 0) scratch.remove()
      },
    })
  }
  async function settle(): Promise<void> {
    await Promise.all(links.map((link) => link?.settle()))
  }

  return {
    nodes,
    settle,
    async countsTold() {
      // Timers of one process run out in the order in which they are due: theirs before this one.
      await Bun.sleep(TELL_COUNTS_MS + 1)
      await settle()
    },
  }
}
