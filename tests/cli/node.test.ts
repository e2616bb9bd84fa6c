import { afterEach, describe, expect, test } from "bun:test"
import { createNode } from "../../src/cli/node"
import { readConfig } from "../../src/config"
import { keepLog } from "../support/log"
import { canRunRedis, startRedis } from "../support/redis"
import { freshPrefix } from "../support/redis-link"
import { waitUntil } from "../support/wait"

const INFO = 30
const WARN = 40

describe("what a server has to do with others", () => {
  const cleanups: (() => unknown)[] = []

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  })

  test("without REDIS_URL there are no others, and nothing to open", async () => {
    const { log, text } = keepLog("debug")

    const { bus, link, cluster } = await createNode(readConfig({}), log)

    expect(link).toBeNull()
    expect(cluster).toBeUndefined()
    expect(bus.publish({ type: "user.disabled", user: 1 as never })).toBeUndefined()
    expect(text()).toBe("")
  })

  test.skipIf(!canRunRedis())(
    "given Redis goes and comes, then the log says each once, without the password, and /metrics knows",
    async () => {
      const redis = await startRedis()
      cleanups.push(redis.remove)
      const { log, lines, text } = keepLog("debug")
      const config = { ...readConfig({}), REDIS_URL: redis.url, REDIS_PREFIX: freshPrefix() }
      const { link } = await createNode(config, log)
      if (link === null) throw new Error("there is no link")
      cleanups.push(link.close)
      await link.open()

      await redis.kill()
      await waitUntil("it is down", () => lines().length === 2)
      expect(link.state()).toMatchObject({ isUp: false, reconnections: 0 })
      await redis.start()
      await waitUntil("it is up", () => link.isUp)

      expect(lines().map(({ level, redis: at }) => [level, at])).toEqual([
        [INFO, `127.0.0.1:${redis.port}`],
        [WARN, `127.0.0.1:${redis.port}`],
        [INFO, `127.0.0.1:${redis.port}`],
      ])
      expect(link.state()).toMatchObject({ isUp: true, others: 0, reconnections: 1 })
      expect(text()).not.toContain(new URL(redis.url).password)
    },
    20_000,
  )
})
