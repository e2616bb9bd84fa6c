import { afterAll, describe, expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { connect } from "node:net"
import { RedisClient, SQL } from "bun"
import { canRunPostgres, startPostgres } from "../support/postgres"
import { canRunRedis, startRedis } from "../support/redis"
import { waitUntil } from "../support/wait"

describe.skipIf(!canRunPostgres())("a PostgreSQL of a test's own", async () => {
  const postgres = canRunPostgres() ? await startPostgres() : null
  afterAll(() => postgres?.remove())
  if (postgres === null) return

  test("gives databases that know nothing of each other", async () => {
    const [one, other] = [await postgres.freshDatabase(), await postgres.freshDatabase()]
    const [sqlOne, sqlOther] = [new SQL(one.url, { max: 1 }), new SQL(other.url, { max: 1 })]

    await sqlOne`CREATE TABLE rooms (id int)`

    expect(one.url).not.toBe(other.url)
    expect(await sqlOne`SELECT * FROM rooms`).toHaveLength(0)
    await expect(sqlOther`SELECT * FROM rooms`.execute()).rejects.toThrow("does not exist")
    await Promise.all([sqlOne.close(), sqlOther.close()])
    await one.drop()
    await other.drop()
  })

  test("given many ask at once, each gets a database of their own", async () => {
    const { freshDatabase, remove } = await startPostgres({ isCareless: true })
    await freshDatabase()

    const all = await Promise.all(Array.from({ length: 4 }, () => freshDatabase()))

    expect(new Set(all.map(({ url }) => url)).size).toBe(4)
    await remove()
  }, 30_000)

  test("lets nobody in who does not know its password", async () => {
    const sql = new SQL(postgres.url.replace(/:[^:@/]+@/, ":guess@"), { max: 1 })

    await expect(sql`SELECT 1`.execute()).rejects.toThrow("password authentication failed")
    await sql.close()
  })

  test("keeps what it was told over its own sudden end, and its address", async () => {
    const { url } = await postgres.freshDatabase()
    const before = new SQL(url, { max: 1 })
    await before`CREATE TABLE rooms AS SELECT 7 AS id`

    await postgres.kill()
    await expect(before`SELECT 1`.execute()).rejects.toThrow()
    await postgres.start()

    const after = new SQL(url, { max: 1 })
    expect([...(await after`SELECT id FROM rooms`)]).toEqual([{ id: 7 }])
    await Promise.all([before.close(), after.close()])
  })

  test("answers nobody while it stands still, and then what it was asked", async () => {
    const sql = new SQL(postgres.url, { max: 1 })
    await sql`SELECT 1`

    postgres.pause()
    let isAnswered = false
    const answer = sql`SELECT 7 AS seven`.execute()
    answer.finally(() => {
      isAnswered = true
    })
    await Bun.sleep(100)
    expect(isAnswered).toBe(false)
    postgres.resume()

    expect([...(await answer)]).toEqual([{ seven: 7 }])
    await sql.close()
  })
})

describe.skipIf(!canRunRedis())("a Redis of a test's own", async () => {
  const redis = canRunRedis() ? await startRedis() : null
  afterAll(() => redis?.remove())
  if (redis === null) return

  test("lets nobody in who does not know its password", async () => {
    const stranger = new RedisClient(`redis://127.0.0.1:${redis.port}`, { maxRetries: 0 })

    await expect(stranger.get("a")).rejects.toThrow(/NOAUTH|[Aa]uthentication/)
    stranger.close()
  })

  test("has its address again after a stop, and has forgotten all", async () => {
    const before = new RedisClient(redis.url)
    await before.set("a", "1")
    expect(await before.get("a")).toBe("1")

    await redis.stop()
    before.close()
    await redis.start()

    const after = new RedisClient(redis.url)
    expect(await after.get("a")).toBeNull()
    after.close()
  })

  test("answers nobody while it stands still", async () => {
    const client = new RedisClient(redis.url)
    await client.set("a", "1")

    redis.pause()
    let isAnswered = false
    const answer = client.get("a")
    answer.finally(() => {
      isAnswered = true
    })
    await Bun.sleep(100)
    expect(isAnswered).toBe(false)
    redis.resume()

    expect(await answer).toBe("1")
    client.close()
  })
})

describe.skipIf(!canRunPostgres() || !canRunRedis())("a test run that is killed", () => {
  test("leaves no daemon and no folder behind", async () => {
    const program = `
      import { startPostgres } from "${import.meta.dir}/../support/postgres"
      import { startRedis } from "${import.meta.dir}/../support/redis"
      const daemons = [await startPostgres(), await startRedis()]
      console.log(JSON.stringify(daemons.map(({ port, folder }) => ({ port, folder }))))
      await Bun.sleep(60_000)
    `
    const run = Bun.spawn([process.execPath, "-e", program], { stdout: "pipe" })
    const { value } = await run.stdout.getReader().read()
    const daemons: { port: number; folder: string }[] = JSON.parse(new TextDecoder().decode(value))
    expect(daemons).toHaveLength(2)
    for (const { port, folder } of daemons) {
      expect([existsSync(folder), await isListening(port)]).toEqual([true, true])
    }

    run.kill("SIGKILL")
    await run.exited

    for (const { port, folder } of daemons) {
      await waitUntil("its folder is gone", () => !existsSync(folder))
      expect(await isListening(port)).toBe(false)
    }
  })
})

const isListening = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" })
    socket.on("error", () => resolve(false))
    socket.on("connect", () => {
      socket.destroy()
      resolve(true)
    })
  })
