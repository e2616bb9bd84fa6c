import { join } from "node:path"
import { databaseSettings } from "./databases"
import { UNLIMITED } from "./server-process"
import { waitUntil } from "./wait"

/** A server as users run it, whose log a test reads while it runs. */
export interface LoggingServer {
  /** http://127.0.0.1:port */
  readonly url: string
  readonly pid: number
  /** All that it has said so far, on both outputs. */
  output(): string
  /** SIGTERM. Rejects where it does not end with 0. Stopping it again does nothing. */
  stop(): Promise<void>
}

const MAIN = join(import.meta.dir, "../../src/main.ts")
const START_MS_MAX = 10_000

export async function loggingServer(dataDir: string): Promise<LoggingServer> {
  const database = await databaseSettings(join(dataDir, "parley.db"))
  const child = Bun.spawn([process.execPath, "--no-env-file", MAIN, "serve"], {
    env: { PATH: process.env.PATH ?? "", PORT: "0", DATA_DIR: dataDir, ...database, ...UNLIMITED },
    stdio: ["ignore", "pipe", "pipe"],
  })
  // A test that fails half-way must not leave a server behind.
  const killAtExit = () => child.kill("SIGKILL")
  process.once("exit", killAtExit)
  let text = ""
  const collect = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    const decoder = new TextDecoder()
    for await (const chunk of stream) text += decoder.decode(chunk, { stream: true })
  }
  const collected = Promise.all([collect(child.stdout), collect(child.stderr)])
  const address = () => /"address":"([^"]+)"/.exec(text)?.[1]
  await waitUntil("the server listens", () => address() !== undefined, START_MS_MAX)
  let stopped: Promise<void> | undefined

  async function stop(): Promise<void> {
    child.kill("SIGTERM")
    const exitCode = await child.exited
    process.off("exit", killAtExit)
    await collected
    if (exitCode !== 0) throw new Error(`the server ended with ${exitCode}: ${text}`)
  }

  return {
    url: address() ?? "",
    pid: child.pid,
    output: () => text,
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}
