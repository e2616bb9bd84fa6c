import { expect, test } from "bun:test"
import { askRaw } from "../support/raw-http"
import { startServer } from "../support/server"

test.each(["x", "web", "::1", "localhost"])(
  "a server that is called %p answers at every address",
  async (host) => {
    const server = await startServer()
    const ask = (target: string) =>
      askRaw(server.url, {
        method: "GET",
        target,
        headers: [["Host", host.includes(":") ? `[${host}]` : host]],
      })

    expect(await ask("/websocket/health")).toMatchObject({ status: 200 })
    expect(await ask("/api/v1/users/me")).toMatchObject({ status: 401 })
    expect(await ask("/socket.io/?EIO=4&transport=polling")).toMatchObject({ status: 200 })
    await server.stop()
  },
)
