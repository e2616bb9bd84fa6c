import { expect, test } from "bun:test"
import { connect } from "node:net"
import { startServer } from "../support/server"

/** Sends a request as it is and gives the first line of the answer. */
function statusLine(url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(request))
    socket.once("data", (data) => {
      resolve(String(data).split("\r\n")[0] ?? "")
      socket.destroy()
    })
    socket.once("error", reject)
  })
}

test.each(["x\\api\\v1\\ws#", "x/api/v1/ws?", "["])(
  "a Host of %p is refused: it would hide the request from the limit per address",
  async (host) => {
    const server = await startServer()

    const line = await statusLine(
      server.url,
      `GET /api/v1/users/me HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    )

    expect(line).toContain(" 400 ")
    await server.stop()
  },
)
