import { Database } from "bun:sqlite"
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { ChatError } from "../../src/protocol/errors"
import type { BusMessage } from "../../src/protocol/events"
import { asKeyId, asUserId, asUserNumericId } from "../../src/protocol/ids"
import { createStore, openSqlite, type Script, type Store, type Written } from "../../src/store"
import { codeOf } from "../support/chat"
import { changeRows, readRows } from "../support/rows"
import { createScratch, type Scratch } from "../support/scratch"

const told = (name: string): BusMessage => ({ type: "key.revoked", keyId: asKeyId(name) })

describe("writes to SQLite", () => {
  let scratch: Scratch
  let path: string
  let store: Store
  let batches: number[]
  let published: { readonly name: string; readonly usersOnDisk: number }[]

  const open = () =>
    createStore(
      openSqlite({
        path,
        publish: (message) => {
          // Looked up by another connection: it sees only what is committed.
          const [row] = readRows(path, "select count(*) as count from users where numeric_id > 0")
          const name = "keyId" in message ? message.keyId : message.type
          published.push({ name, usersOnDisk: Number(row?.count) })
          return undefined
        },
        onBatch: (size) => batches.push(size),
      }),
    )

  beforeEach(() => {
    scratch = createScratch()
    path = scratch.path("parley.db")
    batches = []
    published = []
    store = open()
  })
  afterEach(async () => {
    await store.close()
    scratch.remove()
  })

  function* insertUser(username: string, into = store): Script<Written<string>> {
    yield* into.users.insert({
      id: asUserId(`id of ${username}`),
      username,
      displayName: null,
      email: null,
      passwordHash: null,
      createdAt: 1,
    })
    return { result: username, events: [told(username)] }
  }
  /** A write of nothing, which is a write all the same. */
  function* insertNobody(): Script<Written<unknown>> {
    return { result: yield* store.users.findByUsername("nobody"), events: [] }
  }
  const usernames = () =>
    readRows(path, "select username from users where numeric_id > 0 order by numeric_id").map(
      (row) => row.username,
    )

  test("given 20 writes in one turn, they are one commit, and each is told after it and in order", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `user${index}`)

    await Promise.all(names.map((name) => store.write(() => insertUser(name))))

    expect(batches).toEqual([20])
    expect(usernames()).toEqual(names)
    expect(published).toEqual(names.map((name) => ({ name, usersOnDisk: 20 })))
  })

  test("given a refusal after its first step, its step leaves no trace and its neighbours stay", async () => {
    const [ann, eve, bob] = await Promise.allSettled([
      store.write(() => insertUser("ann")),
      store.write(function* () {
        yield* insertUser("eve")
        throw new ChatError("forbidden")
      }),
      store.write(() => insertUser("bob")),
    ])

    expect([ann?.status, eve?.status, bob?.status]).toEqual(["fulfilled", "rejected", "fulfilled"])
    expect(batches).toEqual([3])
    expect(usernames()).toEqual(["ann", "bob"])
    expect(published.map((it) => it.name)).toEqual(["ann", "bob"])
  })

  test("given a write that breaks a constraint, only the culprit fails, in whatever place it stands", async () => {
    await store.write(() => insertUser("ann"))
    published.length = 0

    const outcomes = await Promise.allSettled([
      store.write(() => insertUser("bob")),
      store.write(function* () {
        yield* insertUser("half")
        return yield* insertUser("ann")
      }),
      store.write(() => insertUser("cleo")),
    ])

    expect(outcomes.map((it) => it.status)).toEqual(["fulfilled", "rejected", "fulfilled"])
    expect(usernames()).toEqual(["ann", "bob", "cleo"])
    expect(published.map((it) => it.name)).toEqual(["bob", "cleo"])
  })

  test("given a refusal and a broken constraint in one batch, the refusal keeps its code", async () => {
    await store.write(() => insertUser("ann"))

    const [refused, broken, fine] = await Promise.allSettled([
      store.write<never>(function* () {
        yield* insertUser("eve")
        throw new ChatError("room_limit")
      }),
      store.write(() => insertUser("ann")),
      store.write(() => insertUser("bob")),
    ])

    expect(refused).toMatchObject({ status: "rejected", reason: { code: "room_limit" } })
    expect(broken?.status).toBe("rejected")
    expect(broken).not.toMatchObject({ reason: { code: "room_limit" } })
    expect(fine).toEqual({ status: "fulfilled", value: "bob" })
    expect(usernames()).toEqual(["ann", "bob"])
  })

  test("refuses the 100,001st write of one turn with overloaded, and carries out the others", async () => {
    let written = 0
    const write = () =>
      store.write(() => {
        written++
        return insertNobody()
      })
    const accepted = Array.from({ length: 100_000 }, write)

    expect(await codeOf(write())).toBe("overloaded")
    await Promise.all(accepted)

    expect(written).toBe(100_000)
    expect(await store.write(() => insertUser("ann"))).toBe("ann")
  })

  test("given a write that ends the whole transaction, only it fails, and no neighbour counts twice", async () => {
    changeRows(
      path,
      `create trigger breaker before insert on users when new.username = 'breaker'
       begin select raise(rollback, 'all is undone'); end`,
    )

    const [bob, breaker, cleo] = await Promise.allSettled([
      store.write(() => insertUser("bob")),
      store.write(() => insertUser("breaker")),
      store.write(() => insertUser("cleo")),
    ])

    expect([bob?.status, cleo?.status]).toEqual(["fulfilled", "fulfilled"])
    expect(String(breaker?.status === "rejected" && breaker.reason)).toContain("all is undone")
    expect(usernames()).toEqual(["bob", "cleo"])
    expect(published.map((it) => it.name)).toEqual(["bob", "cleo"])
  })

  test("given foreign keys, a row that points nowhere is refused", async () => {
    const orphan = store.write(function* () {
      yield* store.apiKeys.insert({
        id: asKeyId("k"),
        userNumericId: asUserNumericId(404),
        name: "orphan",
        hash: "hash",
        scopes: [],
        createdAt: 1,
        expiresAt: null,
      })
      return { result: undefined, events: [] }
    })

    await expect(orphan).rejects.toThrow(/FOREIGN KEY/)
    expect(readRows(path, "select * from api_keys")).toEqual([])
  })

  test("what was acknowledged is in the file when it is opened again", async () => {
    await store.write(() => insertUser("ann"))
    await store.close()

    store = open()

    const user = await store.read(store.users.findByUsername("ANN"))
    expect(user).toMatchObject({ id: "id of ann", username: "ann" })
  })

  test("closing commits what still waits", async () => {
    const waiting = store.write(() => insertUser("late"))

    await store.close()

    expect(await waiting).toBe("late")
    expect(usernames()).toEqual(["late"])
    store = open()
  })

  test("another process's change is noticed once, and one's own is none", async () => {
    expect(store.changedElsewhere()).toBe(false)
    await store.write(() => insertUser("ann"))
    expect(store.changedElsewhere()).toBe(false)

    changeRows(path, "update users set role = 'admin' where username = 'ann'")
    changeRows(path, "update users set role = 'user' where username = 'ann'")

    expect(store.changedElsewhere()).toBe(true)
    expect(store.changedElsewhere()).toBe(false)
    changeRows(path, "update users set role = 'user' where username = 'nobody'")
    readRows(path, "select * from users")
    expect(store.changedElsewhere()).toBe(false)
  })

  test("waits for another process that writes as long as it is told to, and is overloaded then", async () => {
    const patient = createStore(openSqlite({ path, publish: () => undefined, busyTimeoutMs: 30 }))
    const other = new Database(path)
    other.run("BEGIN IMMEDIATE")
    const startedAt = performance.now()

    const refused = await patient.write(() => insertUser("ann", patient)).catch((error) => error)

    expect(refused).toMatchObject({ code: "overloaded" })
    expect(performance.now() - startedAt).toBeWithin(25, 200)
    other.run("ROLLBACK")
    expect(await patient.write(() => insertUser("ann", patient))).toBe("ann")
    other.close()
    await patient.close()
  })

  test("every commit reaches the disk: WAL, synchronous FULL, and foreign keys checked", () => {
    const { queries } = openSqlite({ path: scratch.path("settings.db"), publish: () => undefined })

    const pragma = (name: string) =>
      Object.values(queries.get<Record<string, unknown>>(`PRAGMA ${name}`) ?? {})[0]
    expect(pragma("journal_mode")).toBe("wal")
    expect(pragma("synchronous")).toBe(2)
    expect(pragma("foreign_keys")).toBe(1)
  })
})
