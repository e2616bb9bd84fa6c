import { connect, createServer } from "node:net"

/** A way to a Postgres on 127.0.0.1 on which the answer to a COMMIT may get lost. */
export interface LosingWay {
  /** The same address, but through here. */
  through(url: string): string
  /**
   * Of the next write that is no plain message, or, if told so, whatever it is of: it is committed,
   * and the connection is reset.
   */
  loseNextAnswer(ofWhat?: "write" | "anything"): void
  close(): Promise<void>
}

/** Long enough for a commit on this machine. */
const COMMITTED_MS = 200

export async function startLosingWay(target: number): Promise<LosingWay> {
  let armedFor: "write" | "anything" | null = null
  const open = new Set<() => void>()
  const listener = createServer((client) => {
    const server = connect(target, "127.0.0.1")
    const end = () => {
      client.resetAndDestroy()
      server.destroy()
      open.delete(end)
    }
    open.add(end)
    let isWrite = false
    let isDeaf = false
    client.on("data", (data) => {
      if (data.includes("SERIALIZABLE")) isWrite = true
      else if (data.includes("BEGIN")) isWrite = false
      server.write(data)
      const isMeant = isWrite ? armedFor !== null : armedFor === "anything"
      if (!isMeant || !data.includes("COMMIT\0")) return
      armedFor = null
      isDeaf = true
      setTimeout(end, COMMITTED_MS)
    })
    server.on("data", (data) => {
      if (!isDeaf) client.write(data)
    })
    for (const socket of [client, server]) socket.on("error", end).on("close", end)
  })
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve))
  const address = listener.address()
  if (address === null || typeof address === "string") throw new Error("it has no port")
  return {
    through: (url) => url.replace(`@127.0.0.1:${target}/`, `@127.0.0.1:${address.port}/`),
    loseNextAnswer(ofWhat = "write") {
      armedFor = ofWhat
    },
    async close() {
      for (const end of open) end()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}
