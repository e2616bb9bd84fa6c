import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { ChatError } from "../../src/protocol/errors"
import type { BusMessage } from "../../src/protocol/events"
import { asKeyId, asUserId, asUserNumericId } from "../../src/protocol/ids"
import { createStore, type Script, type Store, type Written } from "../../src/store"
import { bothDatabases, type TestGround } from "../support/both-databases"
import { codeOf } from "../support/chat"

const told = (name: string): BusMessage => ({ type: "key.revoked", keyId: asKeyId(name) })

describe.each(bothDatabases)("a database: $name", ({ create }) => {
  let ground: TestGround
  let store: Store
  let published: string[]

  const open = async () =>
    createStore(
      await ground.open({
        publish: (message) => {
          published.push("keyId" in message ? message.keyId : message.type)
          return undefined
        },
      }),
    )

  // The first one starts a Postgres.
  beforeEach(async () => {
    ground = await create()
    published = []
    store = await open()
  }, 30_000)
  afterEach(async () => {
    await store.close()
    await ground.remove()
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
  const usernames = async () =>
    (await ground.rows("select username from users where numeric_id > 0 order by username")).flat()

  test("given 20 writes at once, all are stored, and each is told once", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `user${index}`).sort()

    const answers = await Promise.all(names.map((name) => store.write(() => insertUser(name))))

    expect(answers).toEqual(names)
    expect(await usernames()).toEqual(names)
    expect(published.toSorted()).toEqual(names)
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

    expect([ann?.status, bob?.status]).toEqual(["fulfilled", "fulfilled"])
    expect(eve).toMatchObject({ status: "rejected", reason: { code: "forbidden" } })
    expect(await usernames()).toEqual(["ann", "bob"])
    expect(published.toSorted()).toEqual(["ann", "bob"])
  })

  test("given a write that breaks a constraint, only the culprit fails, and tells nothing of its values", async () => {
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
    expect(Bun.inspect(outcomes[1])).not.toContain("id of ann")
    expect(await usernames()).toEqual(["ann", "bob", "cleo"])
    expect(published.toSorted()).toEqual(["bob", "cleo"])
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

    expect(await codeOf(orphan)).not.toBe("no error")
    expect(await ground.rows("select * from api_keys")).toEqual([])
  })

  test("what was acknowledged is there when it is opened again", async () => {
    await store.write(() => insertUser("ann"))
    await store.close()

    store = await open()

    const user = await store.read(store.users.findByUsername("ANN"))
    expect(user).toMatchObject({ id: "id of ann", username: "ann" })
  })

  test("closing commits what still waits", async () => {
    const waiting = store.write(() => insertUser("late"))

    await store.close()

    expect(await waiting).toBe("late")
    expect(await usernames()).toEqual(["late"])
    store = await open()
  })

  test("all steps of a read see one state, whatever is written meanwhile", async () => {
    const writes: Promise<unknown>[] = []

    const seen = await store.read(
      (function* () {
        const before = yield* store.users.list({ query: undefined, before: 1e9, limit: 10 })
        writes.push(store.write(() => insertUser("ann")))
        for (let index = 0; index < 20; index++) yield* store.rooms.count()
        const after = yield* store.users.list({ query: undefined, before: 1e9, limit: 10 })
        return [before.length, after.length]
      })(),
    )
    await Promise.all(writes)

    expect(seen).toEqual([0, 0])
    expect(await usernames()).toEqual(["ann"])
  })

  test("an event that must arrive first is waited for before its write is answered", async () => {
    const { promise: arrival, resolve } = Promise.withResolvers<void>()
    const patient = createStore(await ground.open({ publish: () => arrival }))
    let isAnswered = false
    const write = patient.write(() => insertUser("ann", patient)).then(() => (isAnswered = true))
    await store.write(() => insertUser("bob"))
    await store.write(() => insertUser("cleo"))

    expect(isAnswered).toBe(false)
    resolve()
    await write

    expect(isAnswered).toBe(true)
    await patient.close()
  })

  test("who claims to be number 42 is it, and the next user is 43", async () => {
    const numberOf = (username: string, numericId: number | null) =>
      store.write(function* () {
        const user = yield* store.claimedUsers.insert({
          id: asUserId(`id of ${username}`),
          numericId: numericId === null ? null : asUserNumericId(numericId),
          username,
          displayName: null,
          createdAt: 1,
        })
        return { result: Number(user.numericId), events: [] }
      })

    expect(await numberOf("first", null)).toBe(1)
    expect(await numberOf("claimed", 42)).toBe(42)
    expect(await numberOf("low", 7)).toBe(7)
    expect(await numberOf("next", null)).toBe(43)
  })

  test("finds by parts of names, whatever characters they have", async () => {
    for (const name of ["ann", "anna", "an%", "an_x", "bob"]) {
      await store.write(() => insertUser(name))
    }
    const found = async (query: string | undefined) =>
      (await store.read(store.users.list({ query, before: 1e9, limit: 10 })))
        .map((it) => it.username)
        .sort()

    expect(await found("ANN")).toEqual(["ann", "anna"])
    expect(await found("an%")).toEqual(["an%"])
    expect(await found("an_")).toEqual(["an_x"])
    expect(await found(undefined)).toHaveLength(5)
  })
})
