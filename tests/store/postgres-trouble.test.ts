import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { SQL } from "bun"
import type { Profile } from "../../src/protocol/entities"
import type { RoomId } from "../../src/protocol/ids"
import { openPostgres } from "../../src/store/postgres"
import { codeOf } from "../support/chat"
import { canRunPostgres, startPostgres, type TestPostgres } from "../support/postgres"
import { openNode, type TestNode } from "../support/postgres-node"
import { startProxy, type TestProxy } from "../support/proxy"

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe.skipIf(!canRunPostgres())("trouble with Postgres", () => {
  let postgres: TestPostgres
  let url: string
  let node: TestNode
  let ann: Profile
  let room: RoomId

  beforeAll(async () => {
    postgres = await startPostgres()
  }, 30_000)
  afterAll(() => postgres.remove())
  beforeEach(async () => {
    await postgres.start()
    const database = await postgres.freshDatabase()
    url = database.url
    node = await openNode({ open: (options) => openPostgres({ ...options, url }) })
    ann = await node.person("ann")
    room = await node.room("hall", [ann])
  }, 30_000)
  afterEach(async () => {
    await node.store.close()
  })

  const overloaded = { code: "overloaded", retryAfterMs: expect.any(Number) }
  const refusalOf = (task: Promise<unknown>) => task.catch((error) => error)
  const rows = async (query: string) => {
    const eyes = new SQL({ url, max: 1 })
    try {
      return (await eyes.unsafe(query, []).values()).flat()
    } finally {
      await eyes.close()
    }
  }
  const change = async (statement: string) => {
    const hand = new SQL({ url, max: 1 })
    try {
      await hand.unsafe(statement)
    } finally {
      await hand.close()
    }
  }

  test("given it is stopped, then all is overloaded and may be tried again; when it is back, so are we", async () => {
    await postgres.stop()

    expect(await refusalOf(node.send(room, ann, "a"))).toMatchObject(overloaded)
    expect(await refusalOf(node.touch(room))).toMatchObject(overloaded)
    expect(await refusalOf(node.store.read(node.store.users.findByUsername("ann")))).toMatchObject(
      overloaded,
    )
    expect(node.troubles.length).toBeGreaterThanOrEqual(3)
    expect(node.seqsOf(room)).toEqual([1])

    await postgres.start()

    expect(await node.send(room, ann, "a")).toMatchObject({ duplicate: false, message: { seq: 2 } })
    expect(await node.touch(room)).toBe(3)
    expect(node.seqsOf(room)).toEqual([1, 2, 3])
  }, 30_000)

  test("given it loses power again and again while many send, what was acknowledged is there, once and in order", async () => {
    const acknowledged = new Map<string, number>()
    let isOver = false
    let next = 0
    const speak = async () => {
      while (!isOver) {
        const clientId = `c${next++}`
        for (;;) {
          const seq = await node.send(room, ann, clientId).then(
            (receipt) => receipt.message.seq,
            (error) => expect(error).toMatchObject({ code: "overloaded" }),
          )
          if (typeof seq === "number") {
            acknowledged.set(clientId, seq)
            break
          }
          await Bun.sleep(5)
        }
      }
    }
    const speakers = numbers(20).map(speak)
    for (const _ of numbers(3)) {
      const before = acknowledged.size
      while (acknowledged.size < before + 50) await Bun.sleep(5)
      await postgres.kill()
      await postgres.start()
    }
    isOver = true
    await Promise.all(speakers)

    const stored = await rows("select seq from messages order by seq")
    expect(stored.map(Number)).toEqual(numbers(next + 1).slice(1))
    const seqs = [...acknowledged.values()].sort((a, b) => a - b)
    expect(seqs).toEqual(numbers(next + 1).slice(1))
    const told = node.seqsOf(room)
    expect(told).toEqual([...new Set(told)].sort((a, b) => a - b))
  }, 60_000)

  test("given an operator ends our connections, then the next reads and writes are served by new ones", async () => {
    await change(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'parley'",
    )

    for (const index of numbers(5)) {
      expect(await node.store.read(node.store.users.findByUsername("ann"))).not.toBeNull()
      expect(await node.touch(room)).toBe(2 * index)
      expect(await node.send(room, ann, `c${index}`)).toMatchObject({ duplicate: false })
    }
  }, 30_000)

  test("given it may only be read, then writes are overloaded and reads are served", async () => {
    const name = new URL(url).pathname.slice(1)
    await change(`alter database ${name} set default_transaction_read_only = on`)
    await change(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'parley'",
    )

    expect(await codeOf(node.touch(room))).toBe("overloaded")
    expect(await codeOf(node.send(room, ann, "a"))).toBe("overloaded")
    expect(await node.store.read(node.store.users.findByUsername("ann"))).not.toBeNull()
    expect(node.troubles).toContainEqual(expect.objectContaining({ code: "25006" }))
  }, 30_000)

  test("given somebody holds a lock and does not let go, then who waits for it is overloaded, and others are not", async () => {
    const other = await node.room("other", [ann])
    const holder = new SQL({ url, max: 1 })
    await holder.unsafe("begin")
    await holder.unsafe(`select * from rooms where id = 'hall' for update`)

    const [stuck, fine] = await Promise.all([
      codeOf(node.touch(room)),
      node.store.read(node.store.rooms.find(other)),
    ])

    expect(stuck).toBe("overloaded")
    expect(fine).not.toBeNull()
    await holder.unsafe("rollback")
    await holder.close()
    expect(await node.touch(room)).toBe(2)
  }, 30_000)

  test("given it stands still, then who waits is told to try again after 12 s, and nothing is told", async () => {
    postgres.pause()

    const startedAt = performance.now()
    const refusals = await Promise.all([
      refusalOf(node.send(room, ann, "a")),
      refusalOf(node.store.read(node.store.users.findByUsername("ann"))),
    ])
    const milliseconds = performance.now() - startedAt
    postgres.resume()

    for (const refusal of refusals) expect(refusal).toMatchObject({ code: "overloaded" })
    expect(milliseconds).toBeWithin(11_900, 18_000)
    expect(node.seqsOf(room)).toEqual([1])
    expect(await node.send(room, ann, "a")).toMatchObject({ message: { clientId: "a" } })
  }, 60_000)
})

describe.skipIf(!canRunPostgres())(
  "trouble on the way to Postgres, with something that accepts and drops",
  () => {
    let postgres: TestPostgres
    let proxy: TestProxy
    let node: TestNode
    let ann: Profile
    let room: RoomId

    beforeAll(async () => {
      postgres = await startPostgres({ isCareless: true })
      proxy = await startProxy(Number(new URL(postgres.url).port))
    }, 30_000)
    afterAll(async () => {
      await proxy.close()
      await postgres.remove()
    })
    beforeEach(async () => {
      const url = proxy.through((await postgres.freshDatabase()).url)
      node = await openNode({ open: (options) => openPostgres({ ...options, url }) })
      ann = await node.person("ann")
      room = await node.room("hall", [ann])
    }, 30_000)
    afterEach(async () => {
      proxy.mend()
      await node.store.close()
    }, 30_000)

    const find = () => node.store.read(node.store.users.findByUsername("ann"))
    /** The code that it is refused with, and after how long. */
    async function timed(task: Promise<unknown>) {
      const startedAt = performance.now()
      const code = await codeOf(task)
      return { code, milliseconds: performance.now() - startedAt }
    }

    test("those who send as it goes are refused within 3 s, all that wait with the first, and who comes later within 1 s", async () => {
      proxy.cut()
      const first = numbers(600).map((index) => timed(node.send(room, ann, `c${index}`)))
      const others = [timed(node.touch(room)), timed(find())]
      for (const { code, milliseconds } of await Promise.all([...first, ...others])) {
        expect(code).toBe("overloaded")
        expect(milliseconds).toBeLessThan(3_000)
      }

      for (const _ of numbers(3)) {
        const later = [
          ...numbers(600).map((index) => timed(node.send(room, ann, `d${index}`))),
          ...numbers(50).map(() => timed(node.touch(room))),
          ...numbers(50).map(() => timed(find())),
        ]
        for (const { code, milliseconds } of await Promise.all(later)) {
          expect(code).toBe("overloaded")
          expect(milliseconds).toBeLessThan(1_000)
        }
      }
      expect(node.seqsOf(room)).toEqual([1])
    }, 30_000)

    test("when it is back after 5 s, so are we within 2 s", async () => {
      proxy.cut()
      const until = performance.now() + 5_000
      while (performance.now() < until) {
        expect(await codeOf(node.send(room, ann, "a"))).toBe("overloaded")
        await Bun.sleep(50)
      }

      proxy.mend()
      const mendedAt = performance.now()
      while ((await codeOf(node.send(room, ann, "a"))) === "overloaded") await Bun.sleep(20)

      expect(performance.now() - mendedAt).toBeLessThan(2_000)
      expect(await find()).not.toBeNull()
      expect(await node.touch(room)).toBe(3)
      expect(node.seqsOf(room)).toEqual([1, 2, 3])
    }, 30_000)
  },
)

describe.skipIf(!canRunPostgres())("opening Postgres", () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await startPostgres({ isCareless: true })
  }, 30_000)
  afterAll(() => postgres.remove())

  const opening = (url: string) => openPostgres({ url, publish: () => undefined })
  const messageOf = async (url: string) => {
    const refusal: unknown = await opening(url).catch((error) => error)
    return { text: refusal instanceof Error ? refusal.message : "", all: Bun.inspect(refusal) }
  }

  test("of five nodes that start at once on an empty database, one makes the tables and all run", async () => {
    const { url, drop } = await postgres.freshDatabase()

    const nodes = await Promise.all(numbers(5).map(() => opening(url)))

    const eyes = new SQL({ url, max: 1 })
    expect(await eyes.unsafe("select numeric_id, username from users", []).values()).toEqual([
      ["0", "system"],
    ])
    const applied = await eyes.unsafe("select hash from drizzle.__drizzle_migrations", []).values()
    expect(new Set(applied.flat()).size).toBe(applied.length)
    await eyes.close()
    for (const node of nodes) await node.close()
    await drop()
  }, 30_000)

  test("a database that a newer version of Parley has written is refused", async () => {
    const { url, drop } = await postgres.freshDatabase()
    await (await opening(url)).close()
    const hand = new SQL({ url, max: 1 })
    await hand.unsafe(
      "insert into drizzle.__drizzle_migrations (hash, created_at) values ('h', 9999999999999)",
    )
    await hand.close()

    expect((await messageOf(url)).text).toContain("a newer version of Parley has written it")
    await drop()
  }, 30_000)

  test.each([
    ["a wrong password", (url: URL) => Object.assign(url, { password: "hidden-word" }), "28P01"],
    ["no such database", (url: URL) => Object.assign(url, { pathname: "/nowhere" }), "3D000"],
    ["nobody who listens", (url: URL) => Object.assign(url, { port: "1" }), "CONNECTION_REFUSED"],
  ])("given %s, then it says so, and neither the user nor the password", async (_, spoil, code) => {
    const { password } = new URL(postgres.url)
    const url = spoil(new URL(postgres.url))

    const { text, all } = await messageOf(url.href)

    expect(text).toStartWith(`the database ${url.host}${url.pathname} cannot be used: `)
    expect(text).toContain(code)
    expect(all).not.toContain(password)
    expect(all).not.toContain("hidden-word")
  })
})
