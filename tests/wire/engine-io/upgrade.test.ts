import { describe, expect, test } from "bun:test"
import { startEngine } from "../../support/engine"
import { openPolling } from "../../support/engine-clients"
import { waitUntil } from "../../support/wait"

describe("an upgrade from polls to a WebSocket", () => {
  test("is probed, frees the poll that waits, and goes on where the polls were", async () => {
    await using host = startEngine()
    host.echo()
    const client = await openPolling(host)
    const upgrades: unknown[] = []
    host.sockets[0]?.subscribe("room")
    host.sockets[0]?.on("upgrade", () => upgrades.push(host.sockets[0]?.transport.name))
    const poll = client.poll()
    await waitUntil("it waits", () => host.sockets[0]?.transport.writable === true)

    const webSocket = await client.openWebSocket()
    webSocket.send("2probe")
    expect(await webSocket.next()).toBe("3probe")
    expect(await poll).toBe("6")
    webSocket.send("5")
    webSocket.send("4hello")

    expect(await webSocket.next()).toBe("4hello")
    expect(upgrades).toEqual(["websocket"])
    expect(host.sockets[0]?.subscriptions).toEqual(["room"])
    expect(host.engine.publishToPollers("room", "4to nobody")).toBe(0)
    expect(host.sockets).toHaveLength(1)
    expect(host.closes).toEqual([])
  })

  test("a poll after the probe is not kept waiting", async () => {
    await using host = startEngine()
    const client = await openPolling(host)
    const webSocket = await client.openWebSocket()
    webSocket.send("2probe")
    await webSocket.next()

    expect(await client.poll()).toBe("6")
  })

  test("until it is complete, polls carry what is said; then the WebSocket does", async () => {
    await using host = startEngine()
    const client = await openPolling(host)
    const webSocket = await client.openWebSocket()
    webSocket.send("2probe")
    await webSocket.next()
    host.sockets[0]?.send("by poll")
    expect(await client.poll()).toBe("4by poll")
    host.sockets[0]?.send("kept")

    webSocket.send("5")

    expect(await webSocket.next()).toBe("4kept")
    expect((await client.get()).status).toBe(400)
    expect((await client.post("4a")).status).toBe(400)
    expect(host.closes).toEqual([])
  })

  test("a second WebSocket is closed, during an upgrade and after it, and disturbs nothing", async () => {
    await using host = startEngine()
    host.echo()
    const client = await openPolling(host)
    const first = await client.openWebSocket()

    const during = await client.openWebSocket()
    await during.closed()
    first.send("2probe")
    expect(await first.next()).toBe("3probe")
    first.send("5")
    first.send("4hello")
    expect(await first.next()).toBe("4hello")
    const after = await client.openWebSocket()
    await after.closed()

    first.send("4still here")
    expect(await first.next()).toBe("4still here")
    expect(host.closes).toEqual([])
  })

  test.each(["5", "4hello", "2", "abc", "1"])(
    "%j before the probe closes the WebSocket, and the polls go on",
    async (frame) => {
      await using host = startEngine()
      host.echo()
      const client = await openPolling(host)
      const webSocket = await client.openWebSocket()

      webSocket.send(frame)
      await webSocket.closed()

      await client.post("4by poll")
      expect(await client.poll()).toBe("4by poll")
      expect(host.closes).toEqual([])
      expect(host.sockets[0]?.isUpgradable).toBe(true)
    },
  )

  test("one that is never completed times out, and the polls go on and wait again", async () => {
    let at = 0
    await using host = startEngine({ upgradeTimeoutMs: 10_000, now: () => at })
    const client = await openPolling(host)
    const webSocket = await client.openWebSocket()
    webSocket.send("2probe")
    await webSocket.next()
    at += 9_999
    host.engine.sweep()
    expect(host.sockets[0]?.isUpgradable).toBe(false)

    at += 1
    host.engine.sweep()

    await webSocket.closed()
    const poll = client.poll()
    await waitUntil("it waits", () => host.sockets[0]?.transport.writable === true)
    host.sockets[0]?.send("hello")
    expect(await poll).toBe("4hello")
  })

  test("one that breaks leaves the polls as they were, and another may be tried", async () => {
    await using host = startEngine()
    const client = await openPolling(host)
    const broken = await client.openWebSocket()
    broken.send("2probe")
    await broken.next()

    broken.terminate()
    await waitUntil("it is noticed", () => host.sockets[0]?.isUpgradable === true)

    const webSocket = await client.openWebSocket()
    webSocket.send("2probe")
    expect(await webSocket.next()).toBe("3probe")
    webSocket.send("5")
    await waitUntil("it is upgraded", () => host.sockets[0]?.transport.name === "websocket")
    expect(host.closes).toEqual([])
  })

  test("a session that ends takes the WebSocket on its way with it", async () => {
    await using host = startEngine()
    const client = await openPolling(host)
    const webSocket = await client.openWebSocket()

    await client.post("1")

    await webSocket.closed()
    expect(host.closes).toEqual(["transport close"])
  })

  test("a session that is closing says its last words on the WebSocket", async () => {
    await using host = startEngine()
    const client = await openPolling(host)
    const webSocket = await client.openWebSocket()
    webSocket.send("2probe")
    await webSocket.next()
    host.sockets[0]?.send("the last")
    host.sockets[0]?.close()

    webSocket.send("5")

    expect(await webSocket.next()).toBe("4the last")
    await webSocket.closed()
    expect(host.closes).toEqual(["forced close"])
  })
})
