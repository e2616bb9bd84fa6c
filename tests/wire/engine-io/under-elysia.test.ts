import { expect, test } from "bun:test"
import { Elysia } from "elysia"
import { createEngineServer } from "../../../src/wire/engine-io/server"
import type { EngineSocket } from "../../../src/wire/engine-io/socket"
import { ENGINE_SETTINGS } from "../../support/engine"
import { openWebSocket } from "../../support/engine-clients"
import { forgetServer } from "../../support/strange"
import { waitUntil } from "../../support/wait"

test("under Elysia it is one route, whose bodies nobody else reads, and its sockets are upgraded by hand", async () => {
  const engine = createEngineServer({
    ...ENGINE_SETTINGS,
    payloadBytesMax: 1_000,
    newId: () => Bun.randomUUIDv7(),
    now: () => performance.now(),
    report: (err) => {
      throw err
    },
  })
  engine.on("connection", (socket: EngineSocket) => {
    socket.on("data", (data: string) => socket.send(data))
  })
  const app = new Elysia({ websocket: { idleTimeout: 0, sendPings: false } })
    .all(
      "/engine.io/",
      ({ request, server }) => {
        if (server === null) throw new Error("there is no server")
        const address = server.requestIP(request)?.address ?? ""
        return engine.handleRequest(request, server, { address })
      },
      { parse: "none" },
    )
    .listen({ port: 0, hostname: "127.0.0.1", idleTimeout: 60 })
  forgetServer(`http://127.0.0.1:${app.server?.port}`)
  const address = `127.0.0.1:${app.server?.port}/engine.io/?EIO=4&transport=`

  const opened = await (await fetch(`http://${address}polling`)).text()
  const { sid } = JSON.parse(opened.slice(1))
  const url = `http://${address}polling&sid=${sid}`
  const post = (body: string | ReadableStream) => fetch(url, { method: "POST", body })
  expect(await (await post("4by post")).text()).toBe("ok")
  expect(await (await fetch(url)).text()).toBe("4by post")

  const giveUp = new AbortController()
  const poll = fetch(url, { signal: giveUp.signal }).catch(() => "given up")
  const [socket] = engine.sockets()
  await waitUntil("it waits", () => socket?.transport.writable === true)
  giveUp.abort()
  expect(await poll).toBe("given up")
  await waitUntil("it is noticed", () => engine.clientsCount === 0)

  const other = JSON.parse((await (await fetch(`http://${address}polling`)).text()).slice(1))
  const webSocket = await openWebSocket(`ws://${address}websocket&sid=${other.sid}`)
  webSocket.send("2probe")
  expect(await webSocket.next()).toBe("3probe")
  webSocket.send("5")
  webSocket.send("4by frame")
  expect(await webSocket.next()).toBe("4by frame")
  const late = await fetch(`http://${address}polling&sid=${other.sid}`)
  expect([late.status, await late.json()]).toEqual([400, { code: 3, message: "Bad request" }])

  engine.discard()
  await webSocket.closed()
  await app.stop(true)
})
