import { connect, createServer, type Socket } from "node:net"

/** A stretch of network on loopback, which a test may break. */
export interface TestProxy {
  /** On 127.0.0.1. */
  readonly port: number
  /** How many connections go through it. */
  readonly connections: number
  /** The same address, which has a password and is that of 127.0.0.1, but through here. */
  through(url: string): string
  /**
   * From here on nothing arrives, and nobody is told: connections stay open, new ones too are
   * taken, and what is said in them is kept, as TCP does it with what nobody has acknowledged.
   */
  hold(): void
  /** From here on all connections are reset, and new ones too. What was held is lost. */
  cut(): void
  /** All is well again. What was held arrives. */
  mend(): void
  close(): Promise<void>
}

interface Stretch {
  readonly client: Socket
  readonly server: Socket
}

/** A way to a port on 127.0.0.1. */
export async function startProxy(target: number): Promise<TestProxy> {
  const open = new Set<Stretch>()
  let state: "well" | "held" | "cut" = "well"

  const listener = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    if (state === "cut") {
      client.resetAndDestroy()
      return
    }
    const server = connect({ port: target, host: "127.0.0.1", allowHalfOpen: true })
    const stretch = { client, server }
    open.add(stretch)
    carry(client, server)
    carry(server, client)
    if (state === "well") client.resume()
    else server.pause()
  })

  function carry(from: Socket, to: Socket): void {
    from.setNoDelay(true)
    from.on("data", (chunk) => {
      if (!to.write(chunk)) from.pause()
    })
    to.on("drain", () => {
      if (state === "well") from.resume()
    })
    from.on("end", () => to.end())
    // The other one learns of a broken connection as its neighbour did.
    from.on("error", () => to.resetAndDestroy())
    from.on("close", () => {
      for (const it of open) {
        if (it.client.destroyed && it.server.destroyed) open.delete(it)
      }
    })
  }

  await new Promise<void>((resolve, reject) => {
    listener.on("error", reject)
    listener.listen({ port: 0, host: "127.0.0.1" }, resolve)
  })
  const address = listener.address()
  if (address === null || typeof address === "string") throw new Error("it has no port")
  const { port } = address

  const reset = () => {
    for (const { client, server } of open) {
      client.resetAndDestroy()
      server.resetAndDestroy()
    }
    open.clear()
  }

  return {
    port,
    get connections() {
      return open.size
    },
    through(url) {
      const { port: direct } = new URL(url.replace(/^\w+:/, "http:"))
      if (Number(direct) !== target) throw new Error(`${url} is not where this leads`)
      // By its host: a password may look like a port.
      return url.replace(`@127.0.0.1:${direct}`, `@127.0.0.1:${port}`)
    },
    hold() {
      state = "held"
      for (const { client, server } of open) {
        client.pause()
        server.pause()
      }
    },
    cut() {
      state = "cut"
      reset()
    },
    mend() {
      state = "well"
      for (const { client, server } of open) {
        client.resume()
        server.resume()
      }
    },
    async close() {
      reset()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}
