import { afterEach, expect, test } from "bun:test"
import { connect, createServer, type Socket } from "node:net"
import { startProxy, type TestProxy } from "../support/proxy"
import { waitUntil } from "../support/wait"

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

/** A server that answers each word with the same word, and a client behind a proxy. */
async function overProxy() {
  const heard: string[] = []
  const server = createServer((socket) => {
    socket.on("error", () => heard.push("(reset)"))
    socket.on("data", (data) => {
      heard.push(String(data))
      socket.write(data)
    })
  })
  await new Promise<void>((resolve) => server.listen({ port: 0, host: "127.0.0.1" }, resolve))
  open.push(() => server.close())
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("it has no port")
  const proxy = await startProxy(address.port)
  open.push(proxy.close)
  return { proxy, heard }
}

async function clientOf(proxy: TestProxy) {
  const answers: string[] = []
  let end: string | undefined
  const socket = await new Promise<Socket>((resolve, reject) => {
    const it = connect({ port: proxy.port, host: "127.0.0.1" })
    it.once("connect", () => resolve(it))
    it.once("error", reject)
  })
  socket.on("data", (data) => answers.push(String(data)))
  socket.on("error", (error) => {
    end = "code" in error ? String(error.code) : error.message
  })
  socket.on("close", () => {
    end ??= "closed"
  })
  open.push(() => socket.destroy())
  return { answers, say: (word: string) => socket.write(word), end: () => end }
}

test("carries what is said, both ways", async () => {
  const { proxy } = await overProxy()
  const client = await clientOf(proxy)

  client.say("hello")

  await waitUntil("the answer is there", () => client.answers.length === 1)
  expect(client.answers).toEqual(["hello"])
  expect(proxy.connections).toBe(1)
})

test("keeps what is said while it is held, tells nobody so, and carries it afterwards", async () => {
  const { proxy, heard } = await overProxy()
  const before = await clientOf(proxy)
  before.say("one")
  await waitUntil("the answer is there", () => before.answers.length === 1)

  proxy.hold()
  const during = await clientOf(proxy)
  before.say("two")
  during.say("three")
  await Bun.sleep(50)

  expect([heard, before.answers, during.answers]).toEqual([["one"], ["one"], []])
  expect([before.end(), during.end()]).toEqual([undefined, undefined])

  proxy.mend()
  await waitUntil("all is answered", () => before.answers.length + during.answers.length === 3)
  expect([before.answers, during.answers]).toEqual([["one", "two"], ["three"]])
})

test("resets connections while it is cut, old and new ones, and takes new ones afterwards", async () => {
  const { proxy, heard } = await overProxy()
  const before = await clientOf(proxy)
  before.say("one")
  await waitUntil("the answer is there", () => before.answers.length === 1)

  proxy.cut()
  await waitUntil("the client knows", () => before.end() !== undefined)
  await waitUntil("the server knows", () => heard.includes("(reset)"))
  const during = await clientOf(proxy)
  await waitUntil("the new client knows", () => during.end() !== undefined)

  expect(before.end()).toBe("ECONNRESET")
  expect(proxy.connections).toBe(0)
  proxy.mend()
  const after = await clientOf(proxy)
  after.say("two")
  await waitUntil("the answer is there", () => after.answers.length === 1)
  expect(heard).toEqual(["one", "(reset)", "two"])
})

test("goes the way of the connection behind it when that is gone", async () => {
  const { proxy } = await overProxy()
  const nobody = await startProxy(1)
  open.push(nobody.close)

  const client = await clientOf(nobody)

  await waitUntil("the client knows", () => client.end() !== undefined)
  expect([nobody.connections, proxy.connections]).toEqual([0, 0])
})

test("is the same address but for the port, and refuses the address of another", async () => {
  const proxy = await startProxy(6379)
  open.push(proxy.close)

  expect(proxy.through("redis://:6379@127.0.0.1:6379/0")).toBe(
    `redis://:6379@127.0.0.1:${proxy.port}/0`,
  )
  expect(() => proxy.through("redis://:secret@127.0.0.1:1")).toThrow("not where this leads")
})
