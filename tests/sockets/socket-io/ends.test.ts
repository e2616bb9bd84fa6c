import { describe, expect, test } from "bun:test"
import { chatOf } from "../../support/chat-client"
import { openHouse } from "../../support/house"
import { call, person } from "../../support/people"
import { waitUntil } from "../../support/wait"

const TRANSPORTS = ["websocket", "polling"] as const

describe.each(TRANSPORTS)("a socket of the namespace over %s", (transport) => {
  const transports = [transport]

  test("is disconnected by a server that stops, which waits for no poll for long", async () => {
    const house = await openHouse()
    const client = await chatOf(house.url, await person(house.url, "ann"), { transports })
    const lost = chatSession(house.url)
    await lost
    const startedAt = performance.now()

    await house.stop()

    expect(await client.disconnected).toMatch(/^(io server disconnect|transport close)$/)
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  test("is told that its token ran out, and disconnected", async () => {
    const house = await openHouse({ env: { CHAT_ACCESS_TOKEN_TTL: "15m" } })
    const client = await chatOf(house.url, await person(house.url, "ann"), { transports })

    house.clock.advance(16 * 60_000)

    expect(await client.next("error")).toMatchObject({ success: false, statusCode: 401 })
    expect(await client.disconnected).toBe("io server disconnect")
    await house.stop()
  })

  test("is told that its session was ended, and disconnected", async () => {
    const house = await openHouse()
    const ann = await person(house.url, "ann")
    const client = await chatOf(house.url, ann, { transports })

    await ann.post("/auth/logout", {})

    expect(await client.next("error")).toMatchObject({ statusCode: 401, error: "Unauthorized" })
    expect(await client.disconnected).toBe("io server disconnect")
    await house.stop()
  })

  test("whose account is deleted is told so, and disconnected", async () => {
    const house = await openHouse()
    const ann = await person(house.url, "ann")
    const client = await chatOf(house.url, ann, { transports })

    await call(house.url, {
      method: "DELETE",
      path: "/users/me",
      headers: { authorization: `Bearer ${ann.token}` },
    })

    expect(await client.next("error")).toMatchObject({ statusCode: 404 })
    expect(await client.disconnected).toBe("io server disconnect")
    await house.stop()
  })

  test("that sends too much is told so, and disconnected where it goes on", async () => {
    const house = await openHouse({ env: { CHAT_MAX_FRAMES_PER_SEC: "5" } })
    const client = await chatOf(house.url, await person(house.url, "ann"), { transports })

    for (let count = 0; count < 50; count++) client.emit("heartbeat")
    client.emit("heartbeat")
    expect(await client.next("error")).toMatchObject({ statusCode: 429 })
    for (let count = 0; count < 60; count++) client.emit("heartbeat")

    expect(await client.disconnected).toBe("io server disconnect")
    expect(client.heard.filter(({ event }) => event === "heartbeatResponse").length).toBeLessThan(
      60,
    )
    await house.stop()
  })
})

/** A session by polling that has joined, and polls no more. */
async function chatSession(url: string, token = "") {
  const address = `${url}/socket.io/?EIO=4&transport=polling`
  const { sid } = JSON.parse((await (await fetch(address)).text()).slice(1))
  const post = (body: string) => fetch(`${address}&sid=${sid}`, { method: "POST", body })
  const poll = async () => (await fetch(`${address}&sid=${sid}`)).text()
  if (token !== "") {
    await post(`40/chat,${JSON.stringify({ token })}`)
    await poll()
  }
  return { post, poll, statusOf: async () => (await fetch(`${address}&sid=${sid}`)).status }
}

describe("who polls too seldom", () => {
  test("is let go when it has left 4 MiB unread, and nobody else is held up", async () => {
    const house = await openHouse({
      env: { CHAT_MAX_MESSAGE_LENGTH: "60000", CHAT_MAX_FRAMES_PER_SEC: "0" },
    })
    const [ann, bob] = [await person(house.url, "ann"), await person(house.url, "bob")]
    const idle = await chatSession(house.url, bob.token)
    await idle.post('42/chat,["joinRoom",{"roomId":"flood"}]')
    await idle.poll()
    const hearer = await chatOf(house.url, bob)
    await hearer.ask("joinRoom", { roomId: "flood" })
    const sender = await ann.connect()
    await ann.post("/rooms/flood/join")
    const current = async () => {
      // biome-ignore lint/suspicious/noExplicitAny: what it looks like is a test of its own.
      const stats: any = await (await fetch(`${house.url}/websocket/stats`)).json()
      return stats.connections.current
    }
    expect(await current()).toBe(2)

    for (let count = 0; count < 100; count++) {
      const data = { room_id: "flood", content: "x".repeat(50_000) }
      expect((await sender.ask("message.send", data)).type).toBe("ok")
    }

    house.clock.advance(31_000)
    await waitUntil("it is let go", async () => (await current()) === 1)
    await waitUntil("the other heard all", () => {
      const messages = hearer.heard.filter(({ event }) => event === "receiveMessage")
      return messages.length === 100
    })
    hearer.close()
    sender.close()
    await house.stop()
  }, 20_000)
})

describe("a client that does what no client does", () => {
  test("harms nobody: acknowledgements of nothing, events after goodbye, odd payloads", async () => {
    const house = await openHouse()
    const ann = await person(house.url, "ann")
    const client = await chatOf(house.url, ann)
    const odd = await chatSession(house.url, ann.token)

    await odd.post('43/chat,7[{"a":1}]')
    await odd.post('42/chat,9["joinRoom",null,[[[]]],{"__proto__":{"x":1}}]')
    expect(await odd.poll()).toContain('43/chat,9[{"success":false')
    await odd.post(
      '42/chat,["joinRoom",{"roomId":"a"}]\x1e41/chat,\x1e42/chat,["joinRoom",{"roomId":"b"}]',
    )

    expect(await client.ask("getRoomStats", { roomId: "b" })).toMatchObject({ statusCode: 404 })
    expect(await client.ask("heartbeat")).toMatchObject({ success: true })
    client.close()
    await house.stop()
  })

  test("an event whose name is a number, or of every object, is answered like any that is none", async () => {
    const house = await openHouse()
    const odd = await chatSession(house.url, (await person(house.url, "ann")).token)

    await odd.post('42/chat,1[7,{"a":1}]\x1e42/chat,2["toString"]')

    const answers = await odd.poll()
    expect(answers).toContain("43/chat,1[")
    expect(answers).toContain("43/chat,2[")
    expect(answers.match(/"statusCode":400/g)?.length).toBeGreaterThanOrEqual(2)
    await house.stop()
  })
})
