import { describe, expect, test } from "bun:test"
import type { Socket } from "socket.io"
import { eventFrame } from "../../../src/wire/socket-io/frames"
import { heard, startSocketIo } from "../../support/socket-io"
import { waitUntil } from "../../support/wait"

const TRANSPORTS = [
  ["polls", { transports: ["polling"] }, "polling"],
  ["a WebSocket", { transports: ["websocket"] }, "websocket"],
  ["an upgrade", { transports: ["polling", "websocket"] }, "websocket"],
] as const

describe.each(TRANSPORTS)("an official client by %s", (_name, { transports }, lastly) => {
  const options = { transports: [...transports] }

  test("connects to a namespace with its credentials, and is told its id", async () => {
    await using host = startSocketIo()
    const told = Promise.withResolvers<Socket>()
    host.io.of("/chat").on("connection", told.resolve)

    const client = host.open("/chat?room=7", { ...options, auth: { token: "abc" } })
    await heard(client, "connect")

    const socket = await told.promise
    expect(client.id).toBe(socket.id)
    expect(socket.id).not.toBe(host.sockets[0]?.id ?? "")
    expect(socket.handshake.auth).toEqual({ token: "abc" })
    expect(socket.handshake.query.room).toBe("7")
    expect(socket.handshake.address).toBe("127.0.0.1")
    expect(socket.handshake.secure).toBe(false)
    await waitUntil(`it ends on ${lastly}`, () => socket.conn.transport.name === lastly)
  })

  test("is refused by a namespace with its reason, and by one that is not there", async () => {
    await using host = startSocketIo()
    host.io.of("/chat").use((_socket, next) => {
      next(Object.assign(new Error("Unauthorized"), { data: { statusCode: 401 } }))
    })

    const [refused] = await heard(host.open("/chat", options), "connect_error")
    const [unknown] = await heard(host.open("/nowhere", options), "connect_error")

    expect(refused).toMatchObject({ message: "Unauthorized", data: { statusCode: 401 } })
    expect(unknown).toMatchObject({ message: "Invalid namespace" })
  })

  test("speaks and hears texts and bytes, acknowledged and not, in order", async () => {
    await using host = startSocketIo()
    host.io.of("/chat").on("connection", (socket) => {
      socket.on("say", (...args) => socket.emit("said", ...args))
      socket.on("ask", (...args) => args.pop()(...args))
    })
    const client = host.open("/chat", options)
    await heard(client, "connect")

    const said = heard(client, "said")
    client.emit("say", 1, "2", { 3: [true] }, "ü✓\u0000")
    expect(await said).toEqual([1, "2", { 3: [true] }, "ü✓\u0000"])

    const bytes = heard(client, "said")
    client.emit("say", Buffer.from([1, 2, 3]), { deep: Buffer.from([4]) })
    expect(JSON.stringify(await bytes)).toBe(
      JSON.stringify([Buffer.from([1, 2, 3]), { deep: Buffer.from([4]) }]),
    )

    const all: unknown[] = []
    client.on("said", (it) => all.push(it))
    for (let i = 0; i < 200; i++) client.emit("say", i)
    expect(await client.timeout(5_000).emitWithAck("ask", { a: 1 })).toEqual({ a: 1 })
    await waitUntil("all came", () => all.length === 200)
    expect(all).toEqual(Array.from({ length: 200 }, (_, i) => i))
  })

  test("sends and gets 900 kB in one message", async () => {
    await using host = startSocketIo()
    host.io.of("/chat").on("connection", (socket) => {
      socket.on("say", (text) => socket.emit("said", text))
    })
    const client = host.open("/chat", options)
    await heard(client, "connect")
    const large = "x".repeat(900_000)

    const said = heard(client, "said")
    client.emit("say", large)

    expect((await said)[0] === large).toBe(true)
    expect(host.closes).toEqual([])
  })

  test("lives in two namespaces at once, and leaving one leaves the other", async () => {
    await using host = startSocketIo()
    const left = Promise.withResolvers<string>()
    host.io.of("/a").on("connection", (socket) => socket.on("disconnect", left.resolve))
    host.io.of("/b").on("connection", (socket) => socket.on("say", (it) => socket.emit("said", it)))
    const first = host.open("/a", options)
    await heard(first, "connect")
    const second = first.io.socket("/b")
    await heard(second, "connect")

    first.disconnect()
    expect(await left.promise).toBe("client namespace disconnect")

    const said = heard(second, "said")
    second.emit("say", "still here")
    expect(await said).toEqual(["still here"])
    expect(host.engine.clientsCount).toBe(1)
    second.disconnect()
    await waitUntil("nobody is there", () => host.engine.clientsCount === 0)
  })

  test("hears what is published on a topic of its session", async () => {
    await using host = startSocketIo()
    host.io.of("/chat").on("connection", () => {
      for (const socket of host.sockets) socket.subscribe("room")
    })
    const client = host.open("/chat", options)
    await heard(client, "connect")
    const message = heard(client, "message")

    host.publish("room", eventFrame("/chat", "message", { text: "hello" }))

    expect(await message).toEqual([{ text: "hello" }])
  })

  test("is thrown out by the server, and hears so", async () => {
    await using host = startSocketIo()
    host.io.of("/chat").on("connection", (socket) => {
      socket.on("go", () => socket.disconnect(true))
    })
    const client = host.open("/chat", options)
    await heard(client, "connect")
    const gone = heard(client, "disconnect")

    client.emit("go")

    expect((await gone)[0]).toBe("io server disconnect")
    await waitUntil("nobody is there", () => host.engine.clientsCount === 0)
  })

  test("comes back by itself when its connection broke", async () => {
    await using host = startSocketIo()
    host.io.of("/chat").on("connection", (socket) => socket.on("ask", (answer) => answer("here")))
    const client = host.open("/chat", options)
    await heard(client, "connect")
    const before = client.id
    const gone = heard(client, "disconnect")
    const back = gone.then(() => heard(client, "connect"))

    host.sockets[0]?.close(true)
    await back

    expect(client.id).not.toBe(before)
    expect(await client.timeout(5_000).emitWithAck("ask")).toBe("here")
  })
})

describe("a session without a namespace", () => {
  test("is closed after the time that Socket.IO gives it", async () => {
    await using host = startSocketIo()

    await fetch(`${host.url}?EIO=4&transport=polling`)
    expect(host.engine.clientsCount).toBe(1)

    // 300 ms in these tests; then the last words wait for a poll.
    await waitUntil("it is closing", () => host.sockets[0]?.readyState === "closing")
  })
})

describe("a client that breaks Socket.IO's rules", () => {
  const rudenesses: readonly string[][] = [
    ["4abc"],
    ["42{}"],
    ['42abc["say"]'],
    ['42["connect"]'],
    [`42["say",${"[".repeat(100)}${"]".repeat(100)}]`],
    [`4511-["say"]`],
    [`451-["say",{"_placeholder":true,"num":0}]`, '42["say"]'],
    ["bAQIDBA=="],
  ]
  test.each(rudenesses.map((frames) => [frames[0], frames] as const))(
    "%s closes it alone",
    async (_first, frames) => {
      await using host = startSocketIo()
      const said: unknown[] = []
      host.io.on("connection", (socket) => socket.on("say", (...args) => said.push(args)))
      const good = host.open("/", { transports: ["websocket"] })
      await heard(good, "connect")
      const ws = new WebSocket(`ws://127.0.0.1:${host.port}/socket.io/?EIO=4&transport=websocket`)
      const closed = new Promise((resolve) => {
        ws.onclose = resolve
      })
      ws.onmessage = ({ data }) => {
        if (String(data).startsWith("0")) ws.send("40")
        if (String(data).startsWith("40")) for (const frame of frames) ws.send(frame)
      }

      await closed

      expect(said).toEqual([])
      expect(host.reported).toEqual([])
      expect(good.connected).toBe(true)
      expect(host.engine.clientsCount).toBe(1)
    },
  )
})

describe("rooms of Socket.IO", () => {
  test("are not kept: a broadcast throws where it is written", async () => {
    await using host = startSocketIo()
    const told = Promise.withResolvers<Socket>()
    host.io.on("connection", told.resolve)
    await heard(host.open("/"), "connect")
    const socket = await told.promise

    expect(() => host.io.emit("x")).toThrow("publish on a topic")
    expect(() => socket.to("room").emit("x")).toThrow("publish on a topic")
    expect(() => host.io.disconnectSockets()).toThrow("publish on a topic")
    expect([...socket.rooms]).toEqual([])
  })
})
