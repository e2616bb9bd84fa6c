import { describe, expect, test } from "bun:test"
import { connect } from "node:net"
import { type EngineHost, startEngine } from "../../support/engine"
import { openPolling, openSession } from "../../support/engine-clients"
import { waitUntil } from "../../support/wait"

/** Writes a request by hand and leaves it as it is. What comes back, until it says enough. */
function writeRaw(host: EngineHost, sid: string, text: string) {
  const socket = connect(host.port, "127.0.0.1")
  const answered = Promise.withResolvers<string>()
  socket.on("error", () => answered.resolve("broken"))
  socket.on("close", () => answered.resolve("closed"))
  socket.on("data", (data) => answered.resolve(String(data)))
  socket.write(`POST /engine.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: a\r\n${text}`)
  return {
    write: (more: string | Buffer) => socket.write(more),
    answer: answered.promise,
    end: () => socket.destroy(),
  }
}

describe("a body that is too large", () => {
  test("of 1001 bytes where 1000 are taken, is refused with 413, and 1000 are taken", async () => {
    await using host = startEngine({ payloadBytesMax: 1_000 })
    host.echo()
    const client = await openPolling(host)

    expect((await client.post(`4${"x".repeat(999)}`)).status).toBe(200)
    expect(await client.poll()).toHaveLength(1_000)
    const refused = await client.post(`4${"x".repeat(1_000)}`)

    expect([refused.status, await refused.json()]).toEqual([
      413,
      { code: 3, message: "Payload too large" },
    ])
    expect(host.closes).toEqual(["transport error"])
  })

  test("in chunks without an end, is refused while it still comes", async () => {
    await using host = startEngine({ payloadBytesMax: 1_000 })
    const client = await openPolling(host)
    const raw = writeRaw(host, client.sid, "Transfer-Encoding: chunked\r\n\r\n")

    for (let i = 0; i < 3; i++) raw.write(`190\r\n${"x".repeat(400)}\r\n`)

    expect(await raw.answer).toStartWith("HTTP/1.1 413")
    expect(host.closes).toEqual(["transport error"])
    raw.end()
  })

  test("by its own word alone, is refused before it comes", async () => {
    await using host = startEngine({ payloadBytesMax: 1_000 })
    const client = await openPolling(host)

    const raw = writeRaw(host, client.sid, "Content-Length: 1001\r\n\r\n4")

    expect(await raw.answer).toStartWith("HTTP/1.1 413")
    raw.end()
  })

  test("as a frame of 1001 bytes where 1000 are taken, closes with 1009, and 1000 are taken", async () => {
    await using host = startEngine({ payloadBytesMax: 1_000 })
    host.echo()
    const client = await openSession(host)
    await client.next()
    client.send(`4${"x".repeat(999)}`)
    expect(await client.next()).toHaveLength(1_000)

    client.send(`4${"é".repeat(500)}`)

    expect(await client.closed()).toBe(1009)
    expect(host.closes).toEqual(["transport error"])
  })
})

describe("a body that is too slow", () => {
  test("is refused with 408 after 50 ms, and its session ends", async () => {
    await using host = startEngine({ bodyTimeoutMs: 50 })
    const client = await openPolling(host)

    const raw = writeRaw(host, client.sid, "Content-Length: 100\r\n\r\n4hello")

    expect(await raw.answer).toStartWith("HTTP/1.1 408")
    expect(host.closes).toEqual(["transport error"])
    raw.end()
  })

  test("or that breaks off, ends its session at once", async () => {
    await using host = startEngine()
    const client = await openPolling(host)
    const raw = writeRaw(host, client.sid, "Content-Length: 100\r\n\r\n4hello")
    await waitUntil("it is being read", () => {
      const transport = host.sockets[0]?.transport
      return transport !== undefined && "isReceiving" in transport && transport.isReceiving
    })

    raw.end()

    await waitUntil("it is noticed", () => host.closes.length === 1)
    expect(host.engine.clientsCount).toBe(0)
  })
})

describe("too much at once", () => {
  test("a payload of 1001 packets where 1000 are taken ends the session, and none is heard", async () => {
    await using host = startEngine({ packetsPerPayloadMax: 1_000 })
    const heard: unknown[] = []
    const client = await openPolling(host)
    host.sockets[0]?.on("data", (data: string) => heard.push(data))

    await client.post(Array.from({ length: 1_000 }, () => "4a").join("\x1e"))
    expect(heard).toHaveLength(1_000)
    const refused = await client.post(Array.from({ length: 1_001 }, () => "4a").join("\x1e"))

    expect(refused.status).toBe(400)
    expect(heard).toHaveLength(1_000)
    expect(host.closes).toEqual(["parse error"])
  })

  test("a million separators are refused without delay", async () => {
    await using host = startEngine()
    const client = await openPolling(host)
    const startedAt = performance.now()

    expect((await client.post("\x1e".repeat(999_999))).status).toBe(400)

    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  test("who does not poll is let go with more than 1000 bytes unread, told or published", async () => {
    await using host = startEngine({ bufferedBytesMax: 1_000 })
    const [ann, bob] = [await openPolling(host), await openPolling(host)]
    const [annSocket, bobSocket] = host.sockets
    annSocket?.subscribe("room")
    bobSocket?.subscribe("room")
    host.publish("room", "x".repeat(1_000))
    expect(await bob.poll()).toHaveLength(1_000)
    expect(host.closes).toEqual([])

    host.publish("room", "x")

    expect(host.closes).toEqual(["transport error"])
    expect(annSocket?.readyState).toBe("closed")
    expect((await ann.get()).status).toBe(400)
    expect(await bob.poll()).toBe("x")
  })

  test("sessions that only say hello are gone when they answer no ping", async () => {
    let at = 0
    await using host = startEngine({ now: () => at })
    for (let i = 0; i < 50; i++) await openPolling(host)
    const pass = (milliseconds: number) => {
      at += milliseconds
      host.engine.sweep()
      host.engine.sweep()
    }
    pass(25_000)
    expect(host.engine.clientsCount).toBe(50)

    pass(20_000)

    expect(host.engine.clientsCount).toBe(0)
    expect(new Set(host.closes)).toEqual(new Set(["ping timeout"]))
  })
})
