import { randomBytes } from "node:crypto"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createDaemon, type Daemon } from "./daemon"

/** A Redis of a test's own. What it knew is gone when it is stopped: nothing is kept on disk. */
export interface TestRedis extends Daemon {
  /** redis://:password@127.0.0.1:port, with a password that nobody else has. */
  readonly url: string
}

let hasSaidMissing = false

/** Whether there is one on this machine. Where there is none, that is said: once, and loudly. */
export function canRunRedis(): boolean {
  if (Bun.which("redis-server") !== null) return true
  if (!hasSaidMissing) {
    console.warn(
      "SKIPPED: what needs Redis, because redis-server is missing; apt-get install -y redis-server",
    )
  }
  hasSaidMissing = true
  return false
}

/** Starts one. It is gone, with its folder, at the latest when this process is. */
export async function startRedis(): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), "parley-redis-"))
  const password = randomBytes(18).toString("hex")
  // In a file: all users of a machine see the arguments of a process.
  writeFileSync(
    join(folder, "redis.conf"),
    `bind 127.0.0.1\nrequirepass ${password}\nsave ""\nappendonly no\ndir ${folder}\n`,
    { mode: 0o600 },
  )
  const daemon = await createDaemon({
    folder,
    command: (port) => ["redis-server", join(folder, "redis.conf"), "--port", String(port)],
    isReady: (said) => said.includes("Ready to accept connections"),
    stopSignal: "SIGTERM",
    killSignal: "SIGKILL",
  })
  return { ...daemon, url: `redis://:${password}@127.0.0.1:${daemon.port}` }
}
