import { describe, expect, test } from "bun:test"
import { startEngine } from "../../support/engine"
import { openPolling } from "../../support/engine-clients"
import { waitUntil } from "../../support/wait"

describe("a session that polls", () => {
  test("posts a text, and the next poll brings the answer", async () => {
    await using host = startEngine()
    host.echo()
    const client = await openPolling(host)

    const posted = await client.post("4hello")

    expect([posted.status, await posted.text()]).toEqual([200, "ok"])
    expect(await client.poll()).toBe("4hello")
  })

  test("posts texts and bytes in one payload, and gets them in one, in order", async () => {
    await using host = startEngine()
    host.echo()
    const client = await openPolling(host)

    await client.post("4one\x1ebAQIDBA==\x1e4üñï ✓")

    expect(await client.poll()).toBe("4one\x1ebAQIDBA==\x1e4üñï ✓")
  })

  test("hears at once what is said while it waits, all of one turn together", async () => {
    await using host = startEngine()
    const client = await openPolling(host)
    const [socket] = host.sockets
    const answer = client.poll()
    await waitUntil("it waits", () => socket?.transport.writable === true)

    socket?.send("a")
    socket?.send("b")

    expect(await answer).toBe("4a\x1e4b")
  })

  test("a poll beside another ends the session: the first hears close, the second gets 400", async () => {
    await using host = startEngine()
    const client = await openPolling(host)
    const first = client.get()
    await waitUntil("it waits", () => host.sockets[0]?.transport.writable === true)

    const second = await client.get()

    expect([(await first).status, await (await first).text()]).toEqual([200, "1"])
    expect(second.status).toBe(400)
    expect(await second.json()).toEqual({ code: 3, message: "Bad request" })
    expect((await client.get()).status).toBe(400)
    expect(host.closes).toEqual(["transport error"])
  })

  test("a POST beside another ends the session", async () => {
    await using host = startEngine()
    const client = await openPolling(host)
    const slow = new ReadableStream({
      start: (controller) => controller.enqueue(Buffer.from("4")),
    })
    const first = client.post(slow).catch(() => undefined)
    await waitUntil("it is being read", () => {
      const transport = host.sockets[0]?.transport
      return transport !== undefined && "isReceiving" in transport && transport.isReceiving
    })

    const second = await client.post("4b")

    expect(second.status).toBe(400)
    expect(host.closes).toEqual(["transport error"])
    host.engine.discard()
    void first
  })

  test("a poll that the client gives up ends the session", async () => {
    await using host = startEngine()
    const client = await openPolling(host)
    const giveUp = new AbortController()
    const poll = client.get({ signal: giveUp.signal }).catch(() => "given up")
    await waitUntil("it waits", () => host.sockets[0]?.transport.writable === true)

    giveUp.abort()

    expect(await poll).toBe("given up")
    await waitUntil("it is noticed", () => host.closes.length === 1)
    expect((await client.get()).status).toBe(400)
    expect(host.engine.clientsCount).toBe(0)
  })

  test.each(["abc", "", "4a\x1e", "b%%"])(
    "%j is no payload, and ends the session",
    async (body) => {
      await using host = startEngine()
      const client = await openPolling(host)

      expect((await client.post(body)).status).toBe(400)

      expect(host.closes).toEqual(["parse error"])
      expect((await client.get()).status).toBe(400)
    },
  )

  test("bytes that are no text, or say that they are none, end the session", async () => {
    await using host = startEngine()
    const [ann, bob] = [await openPolling(host), await openPolling(host)]

    const broken = await ann.post(Uint8Array.from([0x34, 0xff, 0xfe]))
    const binary = await bob.post("4a", { "content-type": "application/octet-stream" })

    expect([broken.status, binary.status]).toEqual([400, 400])
    expect(host.closes).toEqual(["transport error", "transport error"])
  })

  test.each(["PUT", "DELETE", "HEAD"])("%s is refused, and the session stays", async (method) => {
    await using host = startEngine()
    const client = await openPolling(host)

    expect((await fetch(client.url, { method })).status).toBe(400)

    expect(host.closes).toEqual([])
  })

  test("the packet close ends it: the poll that waits hears noop", async () => {
    await using host = startEngine()
    const client = await openPolling(host)
    const poll = client.poll()
    await waitUntil("it waits", () => host.sockets[0]?.transport.writable === true)

    expect(await (await client.post("1")).text()).toBe("ok")

    expect(await poll).toBe("6")
    expect((await client.get()).status).toBe(400)
    expect(host.closes).toEqual(["transport close"])
  })

  test("closed by the server, it still hears what it was told, and that it is over", async () => {
    await using host = startEngine()
    const client = await openPolling(host)
    const [socket] = host.sockets
    socket?.send("the last")

    socket?.close()
    socket?.send("too late")

    expect(socket?.readyState).toBe("closing")
    expect(await client.poll()).toBe("4the last")
    expect(await client.poll()).toBe("1")
    expect((await client.get()).status).toBe(400)
    expect(host.closes).toEqual(["forced close"])
  })

  test("closed by the server, it may say goodbye before it hears it", async () => {
    await using host = startEngine()
    const client = await openPolling(host)
    host.sockets[0]?.close()

    await client.post("4too late\x1e1")

    expect(host.engine.clientsCount).toBe(0)
    expect(host.closes).toEqual(["forced close"])
  })

  test("closed by the server while it waits, it hears so at once", async () => {
    await using host = startEngine()
    const client = await openPolling(host)
    const poll = client.poll()
    await waitUntil("it waits", () => host.sockets[0]?.transport.writable === true)

    host.sockets[0]?.close()

    expect(await poll).toBe("1")
    expect(host.closes).toEqual(["forced close"])
  })

  test("a message and the goodbye after it come by two polls: clients act on a goodbye first", async () => {
    await using host = startEngine()
    const client = await openPolling(host)
    const poll = client.poll()
    await waitUntil("it waits", () => host.sockets[0]?.transport.writable === true)

    host.sockets[0]?.send("the last")
    host.sockets[0]?.close()

    expect(await poll).toBe("4the last")
    expect(host.closes).toEqual([])
    expect(await client.poll()).toBe("1")
    expect(host.closes).toEqual(["forced close"])
  })

  test("packets after one that ended the session are not heard", async () => {
    await using host = startEngine()
    const heard: unknown[] = []
    const client = await openPolling(host)
    host.sockets[0]?.on("data", (data: string) => heard.push(data))

    await client.post("4a\x1e1\x1e4b")

    expect(heard).toEqual(["a"])
  })
})
