import { describe, expect, test } from "bun:test"
import { connect } from "node:net"
import type { EngineSocket } from "../../../src/wire/engine-io/socket"
import { startEngine } from "../../support/engine"
import { openPolling, openSession } from "../../support/engine-clients"
import { waitUntil } from "../../support/wait"

describe("a session on a WebSocket", () => {
  test("sends texts and bytes, and gets them back", async () => {
    await using host = startEngine()
    host.echo()
    const client = await openSession(host)
    await client.next()

    client.send("4hello")
    client.send(Uint8Array.from([1, 2, 3, 4]))
    client.send("bAQIDBA==")

    expect(await client.next()).toBe("4hello")
    expect(await client.next()).toEqual(Uint8Array.from([1, 2, 3, 4]).buffer)
    expect(await client.next()).toEqual(Uint8Array.from([1, 2, 3, 4]).buffer)
    expect(client.isOpen).toBe(true)
  })

  test.each([
    ["abc", "parse error"],
    ["", "parse error"],
    ["2", "transport error"],
    ["1", "transport close"],
  ])("%j closes it: %s", async (frame, reason) => {
    await using host = startEngine()
    const client = await openSession(host)
    await client.next()

    client.send(frame)
    await client.closed()

    expect(host.closes).toEqual([reason])
    expect(host.engine.clientsCount).toBe(0)
  })

  test.each(["0", "5", "6", "3"])("%s changes nothing", async (frame) => {
    await using host = startEngine()
    host.echo()
    const client = await openSession(host)
    await client.next()

    client.send(frame)
    client.send("4still here")

    expect(await client.next()).toBe("4still here")
    expect(host.closes).toEqual([])
  })

  test("one that breaks is over at once", async () => {
    await using host = startEngine()
    const client = await openSession(host)
    await client.next()

    client.terminate()

    await waitUntil("it is noticed", () => host.closes.length === 1)
    expect(host.closes).toEqual(["transport close"])
    expect(host.sockets[0]?.readyState).toBe("closed")
  })

  test("closed by the server, it hears all that it was told before", async () => {
    await using host = startEngine()
    const client = await openSession(host)
    await client.next()

    host.sockets[0]?.send("the last")
    host.sockets[0]?.close()
    host.sockets[0]?.send("too late")

    expect(await client.next()).toBe("4the last")
    await client.closed()
    expect(client.rest()).toEqual([])
    expect(host.closes).toEqual(["forced close"])
  })

  test("is not reached by polls or posts with its id", async () => {
    await using host = startEngine()
    const client = await openSession(host)
    const { sid } = JSON.parse(String(await client.next()).slice(1))
    const url = `${host.url}?EIO=4&transport=polling&sid=${sid}`

    const poll = await fetch(url)
    const post = await fetch(url, { method: "POST", body: "1" })

    expect([poll.status, post.status]).toEqual([400, 400])
    expect(host.closes).toEqual([])
  })

  test("a listener that throws harms neither the others, nor its session, nor another", async () => {
    await using host = startEngine()
    const heard: unknown[] = []
    host.engine.on("connection", (socket: EngineSocket) => {
      socket.on("data", () => {
        throw new Error("broken")
      })
      socket.on("data", (data: string) => heard.push(data))
    })
    host.engine.on("connection", () => {
      throw new Error("broken, too")
    })
    const [ann, bob] = [await openSession(host), await openPolling(host)]

    ann.send("4one")
    await waitUntil("it is heard", () => heard.length === 1)
    await bob.post("4two")

    expect(heard).toEqual(["one", "two"])
    expect(host.reported).toHaveLength(4)
    expect(host.closes).toEqual([])
  })

  test("all sessions hear that the server stops, and no new one opens", async () => {
    await using host = startEngine()
    const [client, poller, silent] = [
      await openSession(host),
      await openPolling(host),
      await openPolling(host),
    ]
    await client.next()
    const poll = poller.poll()
    await waitUntil("it waits", () => host.sockets[1]?.transport.writable === true)

    host.engine.close()

    await client.closed()
    expect(await poll).toBe("1")
    expect(host.engine.clientsCount).toBe(1)
    expect(await silent.poll()).toBe("1")
    expect(host.engine.clientsCount).toBe(0)
    expect((await fetch(`${host.url}?EIO=4&transport=polling`)).status).toBe(503)
  })
})

test("what a client that does not read leaves waiting is counted, and told to have gone", async () => {
  await using host = startEngine()
  const raw = connect(host.port, "127.0.0.1")
  raw.write(
    "GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n" +
      "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n",
  )
  raw.pause()
  await waitUntil("it is there", () => host.sockets.length === 1)
  const [socket] = host.sockets
  let drains = 0
  socket?.on("drain", () => drains++)

  for (let i = 0; i < 200 && socket?.unreadBytes === 0; i++) socket.write("x".repeat(100_000))

  expect(drains).toBe(0)
  expect(socket?.unreadBytes).toBeGreaterThan(0)
  expect(socket?.sendFrame("4one more")).toBe(-1)
  raw.resume()
  await waitUntil("it is gone", () => drains > 0 && socket?.unreadBytes === 0)
  raw.destroy()
})
