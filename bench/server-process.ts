import { closeSync, openSync, readFileSync } from "node:fs"
import { join } from "node:path"

const startSecondsMax = 15
const addressPattern = /http:\/\/127\.0\.0\.1:(\d+)/

/** A server under test. Disposing it kills the process and waits until it is gone. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number
  readonly port: number
  /** Ends it as an operator would, with SIGTERM; killed when it takes over 15 seconds. */
  stop(): Promise<void>
}

interface ServerCommand {
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly folder: string
}

/**
 * Starts a server and resolves when it has printed the address it listens on, which every server
 * here does. It writes to a file, not to a pipe that someone would have to empty beside the load.
 */
export async function startServer({ command, env, folder }: ServerCommand): Promise<ServerProcess> {
  const logPath = join(folder, `${Bun.randomUUIDv7()}.log`)
  const log = openSync(logPath, "w")
  const child = Bun.spawn({
    cmd: [...command],
    env: { ...process.env, NODE_ENV: "production", ...env },
    stdio: ["ignore", log, log],
  })
  closeSync(log)
  const kill = () => child.kill("SIGKILL")
  process.once("exit", kill)

  async function dispose(): Promise<void> {
    process.off("exit", kill)
    kill()
    await child.exited
  }

  async function stop(): Promise<void> {
    child.kill("SIGTERM")
    const timeout = setTimeout(kill, startSecondsMax * 1000)
    await child.exited
    clearTimeout(timeout)
  }

  async function printedPort(): Promise<number> {
    for (let waitedMs = 0; waitedMs < startSecondsMax * 1000; waitedMs += 10) {
      const port = addressPattern.exec(readFileSync(logPath, "utf8"))?.[1]
      if (port) return Number(port)
      if (child.exitCode !== null) break
      await Bun.sleep(10)
    }
    const lastWords = readFileSync(logPath, "utf8").slice(-500)
    throw new Error(`${command.join(" ")} did not start: ${lastWords}`)
  }

  try {
    return { pid: child.pid, port: await printedPort(), stop, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}
