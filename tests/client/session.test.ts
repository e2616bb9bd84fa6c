import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { createClient, createMemoryStorage, ParleyError } from "../../src/client"
import { PASSWORD, person } from "../support/people"
import { startServer, type TestServer } from "../support/server"
import { waitUntil } from "../support/wait"

describe("a session", () => {
  let server: TestServer

  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  const refusalOf = async (task: Promise<unknown>): Promise<ParleyError> => {
    const error = await task.then(
      () => null,
      (it: unknown) => it,
    )
    if (error instanceof ParleyError) return error
    throw new Error(`expected a ParleyError, got ${error}`)
  }

  test("begins by registering, goes on after a reload, and ends by logging out", async () => {
    const storage = createMemoryStorage()
    const client = createClient({ url: server.url, storage })
    expect(await client.restore()).toBeNull()

    const me = await client.register({ username: "ann", password: PASSWORD, displayName: "Ann" })
    const reloaded = createClient({ url: server.url, storage })
    const restored = await reloaded.restore()
    const room = await reloaded.api.rooms.create({ name: "general" })
    await reloaded.logout()

    expect(me).toMatchObject({ username: "ann", display_name: "Ann" })
    expect(restored?.id).toBe(me.id)
    expect(room.created_by).toBe(me.id)
    expect(reloaded.me.value).toBeNull()
    expect(await storage.readSession()).toBeNull()
    expect((await refusalOf(client.api.rooms.list())).code).toBe("unauthorized")
    expect(client.me.value).toBeNull()
  })

  test("given a wrong password, then it is unauthorized and nobody is signed in", async () => {
    await person(server.url, "bob")
    const client = createClient({ url: server.url })

    const error = await refusalOf(client.login({ username: "bob", password: "not this one" }))

    expect(error).toMatchObject({ code: "unauthorized", status: 401, isRetryable: false })
    expect(client.me.value).toBeNull()
  })

  test("given a name that is wrong in shape, then the error names the field", async () => {
    const client = createClient({ url: server.url })

    const error = await refusalOf(client.register({ username: "b b", password: PASSWORD }))

    expect(error.code).toBe("invalid_request")
    expect(error.problems.map(({ path }) => path)).toEqual(["username"])
  })

  test("connects, hears what happens, and asks", async () => {
    const client = createClient({ url: server.url })
    await client.register({ username: "cara", password: PASSWORD })
    const states: string[] = []
    client.connection.subscribe(() => states.push(client.connection.value.status))

    client.connect()
    await waitUntil("it is live", () => client.connection.value.status === "live")
    client.disconnect()

    expect(states).toEqual(["connecting", "live", "idle"])
    await client.close()
  })
})
