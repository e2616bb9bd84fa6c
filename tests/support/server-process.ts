import { join } from "node:path"
import { databaseSettings } from "./databases"
import { watchServer } from "./strange"

/** A server as users run it: a process of its own, which can be killed. */
export interface ServerProcess {
  /** http://127.0.0.1:port */
  readonly url: string
  readonly pid: number
  /** `kill -9`: no goodbye, nothing flushed. Resolves when the process is gone. */
  kill(): Promise<void>
  /** SIGTERM. Resolves with the exit code. */
  terminate(): Promise<number>
}

export interface ServerProcessOptions {
  /** What is kept between two starts. */
  readonly dataDir: string
  readonly env?: Readonly<Record<string, string>>
}

const MAIN = join(import.meta.dir, "../../src/main.ts")

/** What is said in a test is no reason to ask the web. */
const ASKS_NOBODY = { CHAT_LINK_PREVIEWS: "off" }

/** Without limits, for load that no person makes. */
export const UNLIMITED = {
  CHAT_MAX_MESSAGES_PER_MIN: "0",
  CHAT_MAX_JOINS_PER_MIN: "0",
  CHAT_HTTP_MAX_PER_MIN: "0",
  CHAT_AUTH_MAX_PER_MIN: "0",
  CHAT_MAX_FRAMES_PER_SEC: "0",
} as const

/** Starts `parley serve` on a free port and waits for the log line that tells its address. */
export async function startServerProcess({
  dataDir,
  env = {},
}: ServerProcessOptions): Promise<ServerProcess> {
  const database = await databaseSettings(join(dataDir, "parley.db"))
  const child = Bun.spawn([process.execPath, "--no-env-file", MAIN, "serve"], {
    env: {
      PATH: process.env.PATH ?? "",
      PORT: "0",
      DATA_DIR: dataDir,
      ...database,
      ...ASKS_NOBODY,
      ...env,
    },
    stdio: ["ignore", "pipe", "inherit"],
  })
  // A test that fails half-way must not leave a server behind.
  const killAtExit = () => child.kill("SIGKILL")
  process.once("exit", killAtExit)
  void child.exited.then(() => process.off("exit", killAtExit))
  const url = await readAddress(child.stdout)
  watchServer(url)
  return {
    url,
    pid: child.pid,
    async kill() {
      child.kill("SIGKILL")
      await child.exited
    },
    async terminate() {
      child.kill("SIGTERM")
      return await child.exited
    },
  }
}

async function readAddress(output: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const chunks = output[Symbol.asyncIterator]()
  const decoder = new TextDecoder()
  let text = ""
  for (;;) {
    const { value, done } = await chunks.next()
    if (done) throw new Error(`the server ended before it listened: ${text}`)
    text += decoder.decode(value, { stream: true })
    // Before it there may be lines on what the server lives on.
    const address = /^\{.*"address":"([^"]+)".*\}$/m.exec(text)?.[1]
    if (address === undefined) continue
    void discard(chunks)
    return address
  }
}

/** A pipe that nobody reads fills up and stops its writer. */
async function discard(chunks: AsyncIterator<unknown>): Promise<void> {
  while (!(await chunks.next()).done);
}
