const startSecondsMax = 10
const answerSecondsMax = 1

// Between two tries the machine is left to the starting process, which has threads for it.
const pauseMs = 0.25

interface Start {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly port: number
}

/**
 * Starts a server, asks `/health` on `port` over one new connection after the other, and returns
 * the milliseconds from before the start to the first 200. The process is killed afterwards.
 */
export async function millisecondsToFirstHealth({ command, env, port }: Start): Promise<number> {
  const startMs = performance.now()
  const child = Bun.spawn({
    cmd: [...command],
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "ignore"],
  })
  const kill = () => child.kill("SIGKILL")
  process.once("exit", kill)
  try {
    while (!(await isHealthy(port))) {
      const waitedSeconds = (performance.now() - startMs) / 1000
      if (child.exitCode !== null || waitedSeconds > startSecondsMax) {
        throw new Error(`${command.join(" ")} did not become healthy`)
      }
      Bun.sleepSync(pauseMs)
    }
    return performance.now() - startMs
  } finally {
    process.off("exit", kill)
    kill()
    await child.exited
  }
}

/** A port that nobody listened on a moment ago. */
export function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } })
  const { port } = listener
  listener.stop(true)
  return port
}

async function isHealthy(port: number): Promise<boolean> {
  const answer = Promise.withResolvers<boolean>()
  const timeout = setTimeout(() => answer.resolve(false), answerSecondsMax * 1000)
  try {
    const socket = await Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: {
        data: (_socket, chunk) =>
          answer.resolve(chunk.toString("latin1").startsWith("HTTP/1.1 200")),
        close: () => answer.resolve(false),
        error: () => answer.resolve(false),
      },
    })
    socket.write(`GET /health HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
    const isAnswered = await answer.promise
    socket.end()
    return isAnswered
  } catch {
    // Refused: nobody listens yet.
    return false
  } finally {
    clearTimeout(timeout)
  }
}
