import { describe, expect, test } from "bun:test"
import { startEngine } from "../../support/engine"
import { openPolling, openSession } from "../../support/engine-clients"
import { waitUntil } from "../../support/wait"

describe("topics of a session", () => {
  test.each(["polls", "a WebSocket"])(
    "are followed on %s, and no longer after leaving",
    async (how) => {
      await using host = startEngine()
      const client = how === "polls" ? await openPolling(host) : await openSession(host)
      const [socket] = host.sockets

      expect(socket?.subscribe("a")).toBe(true)
      expect(socket?.subscribe("b")).toBe(true)
      expect(socket?.subscribe("b")).toBe(true)
      expect([...(socket?.subscriptions ?? [])].sort()).toEqual(["a", "b"])
      expect(socket?.isSubscribed("a")).toBe(true)
      socket?.unsubscribe("b")
      socket?.unsubscribe("never followed")
      expect(socket?.isSubscribed("b")).toBe(false)

      host.publish("b", "4not this")
      host.publish("a", "4this")

      if ("poll" in client) expect(await client.poll()).toBe("4this")
      else {
        await client.next()
        expect(await client.next()).toBe("4this")
        expect(client.rest()).toEqual([])
      }
    },
  )

  test("what is sent and what is published keeps its order on both", async () => {
    await using host = startEngine()
    const [poller, client] = [await openPolling(host), await openSession(host)]
    await client.next()
    for (const socket of host.sockets) socket.subscribe("a")
    const expected: string[] = []
    const say = (text: string, how: (text: string) => void) => {
      expected.push(`4${text}`)
      how(text)
    }
    const large = "x".repeat(50_000)

    for (let round = 0; round < 20; round++) {
      say(`published ${round}`, (text) => host.publish("a", `4${text}`))
      say(`frame ${round}`, (text) => {
        for (const socket of host.sockets) socket.sendFrame(`4${text}`)
      })
      say(`written ${round} ${large}`, (text) => {
        for (const socket of host.sockets) socket.write(text)
      })
      if (round % 5 === 0) await Bun.sleep(0)
    }

    expect((await poller.poll()).split("\x1e")).toEqual(expected)
    for (const frame of expected) expect(await client.next()).toBe(frame)
  })

  test("bytes keep their place among texts", async () => {
    await using host = startEngine()
    const client = await openSession(host)
    await client.next()
    const [socket] = host.sockets

    socket?.write("before")
    socket?.write(Uint8Array.from([7]))
    socket?.write("after")

    expect(await client.next()).toBe("4before")
    expect(await client.next()).toEqual(Uint8Array.from([7]).buffer)
    expect(await client.next()).toBe("4after")
  })

  test("a closed session follows nothing, and is in nobody's way", async () => {
    await using host = startEngine()
    const client = await openPolling(host)
    const [socket] = host.sockets
    socket?.subscribe("a")
    expect(host.engine.publishToPollers("a", "4x")).toBe(1)

    await client.post("1")

    expect(host.engine.publishToPollers("a", "4x")).toBe(0)
    expect(socket?.subscribe("a")).toBe(false)
    expect(socket?.sendFrame("4x")).toBe(0)
    expect(socket?.subscriptions).toEqual([])
  })

  test("says whether a frame left: its bytes where a poll waits, -1 where it is kept", async () => {
    await using host = startEngine()
    const client = await openPolling(host)
    const [socket] = host.sockets

    expect(socket?.sendFrame("4kept")).toBe(-1)
    expect(socket?.unreadBytes).toBe(5)
    await client.poll()
    expect(socket?.unreadBytes).toBe(0)
    const poll = client.poll()
    await waitUntil("it waits", () => socket?.transport.writable === true)
    expect(socket?.sendFrame("4gone")).toBe(5)
    expect(await poll).toBe("4gone")
  })
})
