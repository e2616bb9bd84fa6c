import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type House, openHouse } from "../support/house"
import { type Person, person, roomOf } from "../support/people"
import { changeRows } from "../support/rows"
import { openSocket, type TestSocket } from "../support/socket"
import { waitUntil } from "../support/wait"

const GATEWAY = "the secret of a gateway"

/** What a server promises of what another process changes. */
const NOTICED_MS = 2_000

describe("a server whose database another process changes", () => {
  let house: House
  let eve: Person
  let people = 0

  beforeAll(async () => {
    house = await openHouse({ env: { INTERNAL_API_KEY: GATEWAY } })
    eve = await person(house.url, "eve")
  })
  afterAll(() => house.stop())

  /** Somebody on one socket for each way to be somebody. */
  async function onEachWay() {
    const ann = await person(house.url, `ann${++people}`)
    const { id: keyId, key } = (await ann.post("/auth/keys", { name: "bot" })).body
    const open = (headers: Record<string, string>) =>
      openSocket(`${house.url}/api/v1/ws`, { headers })
    const session = await ann.connect()
    const program = await open({ "x-api-key": key })
    const gateway = await open({ "x-internal-api-key": GATEWAY, "x-user-id": ann.name })
    return { ann, keyId, session, program, gateway }
  }

  async function closeCode(socket: TestSocket, startedAt: number): Promise<number> {
    const { code } = await socket.closed
    expect(performance.now() - startedAt).toBeLessThan(NOTICED_MS)
    return code
  }

  test("closes all sockets of a user who was disabled with 4201 within 2 s, and refuses every way back", async () => {
    const { ann, session, program, gateway } = await onEachWay()
    const witness = await eve.connect()
    const startedAt = performance.now()

    changeRows(house.path, `update users set disabled_at = 1 where username = '${ann.name}'`)

    for (const socket of [session, program, gateway]) {
      expect(await closeCode(socket, startedAt)).toBe(4201)
    }
    expect((await ann.get("/users/me")).status).toBe(401)
    expect(await witness.ask("ping")).toMatchObject({ type: "ok" })
    witness.close()
  })

  test("refuses a session that was ended within 1 s, and closes its sockets with 4102 within 2 s, and no others", async () => {
    const { ann, session, program, gateway } = await onEachWay()
    expect((await ann.get("/users/me")).status).toBe(200)
    const startedAt = performance.now()

    changeRows(
      house.path,
      `update sessions set revoked_at = 1
       where user_numeric_id = (select numeric_id from users where username = '${ann.name}')`,
    )

    const changedAt = performance.now()
    let acceptedAt = changedAt
    await waitUntil("the token is refused", async () => {
      const sentAt = performance.now()
      if ((await ann.get("/users/me")).status === 401) return true
      acceptedAt = sentAt
      return false
    })
    // However long an answer takes: it is about when the last one was asked that was let in.
    expect(acceptedAt - changedAt).toBeLessThan(1_010)
    expect(await closeCode(session, startedAt)).toBe(4102)
    for (const socket of [program, gateway]) {
      expect(await socket.ask("ping")).toMatchObject({ type: "ok" })
      socket.close()
    }
  })

  test("closes the sockets of a key that was revoked with 4102 within 2 s, and no others", async () => {
    const { keyId, session, program, gateway } = await onEachWay()
    const startedAt = performance.now()

    changeRows(house.path, `update api_keys set revoked_at = 1 where id = '${keyId}'`)

    expect(await closeCode(program, startedAt)).toBe(4102)
    for (const socket of [session, gateway]) {
      expect(await socket.ask("ping")).toMatchObject({ type: "ok" })
      socket.close()
    }
  }, 20_000)

  test("gives open sockets another role and other names within 2 s, and shows old messages under them", async () => {
    const { ann, session, program, gateway } = await onEachWay()
    const room = await roomOf(eve, [ann])
    await ann.post(`/rooms/${room.id}/messages`, { content: "hello" })
    const names = async () => {
      const { messages } = (await session.ask("history", { room_id: room.id })).data
      return messages.map((it: { user: { display_name: string } }) => it.user.display_name)
    }
    expect(await names()).toEqual([null])
    // Elsewhere: a new message here would have the page read anew, and prove nothing.
    const other = await roomOf(eve, [ann])
    const saySystem = (socket: TestSocket) =>
      socket.ask("message.send", { room_id: other.id, content: "beep", type: "system" })
    expect((await saySystem(session)).data.code).toBe("forbidden")
    const startedAt = performance.now()

    changeRows(
      house.path,
      `update users set role = 'admin', display_name = 'Ann' where username = '${ann.name}'`,
    )

    await waitUntil("she is an admin", async () => (await saySystem(session)).type === "ok")
    expect(performance.now() - startedAt).toBeLessThan(NOTICED_MS)
    for (const socket of [program, gateway]) {
      expect((await saySystem(socket)).type).toBe("ok")
      socket.close()
    }
    expect(await names()).toEqual(["Ann"])

    changeRows(house.path, `update users set role = 'user' where username = '${ann.name}'`)

    const code = async () => (await saySystem(session)).data.code
    await waitUntil("she is none", async () => (await code()) === "forbidden")
    session.close()
  }, 20_000)
})
