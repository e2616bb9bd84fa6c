import { closeSync, existsSync, openSync, readFileSync } from "node:fs"
import { connect, createServer } from "node:net"
import { join } from "node:path"

/** A database or a Redis of a test's own: a process that is started, stopped and started again. */
export interface Daemon {
  /** On 127.0.0.1, for its whole life. */
  readonly port: number
  /** Its files, and what it says in `log`. Gone when it is. */
  readonly folder: string
  /** Resolves when it takes connections. Does nothing while it runs. */
  start(): Promise<void>
  /** As its operator stops it. Resolves when it is gone. */
  stop(): Promise<void>
  /** As the power does. Nothing is flushed. Resolves when it is gone. */
  kill(): Promise<void>
  /** SIGSTOP: connections stay open and nothing is answered. */
  pause(): void
  resume(): void
  isRunning(): boolean
  /** Stops it and takes its folder away. */
  remove(): Promise<void>
}

export interface DaemonOptions {
  readonly folder: string
  readonly command: (port: number) => readonly string[]
  /** Whether what is in its folder, and what it has said, tells that it takes connections. */
  readonly isReady: (said: string) => boolean
  readonly stopSignal: NodeJS.Signals
  readonly killSignal: NodeJS.Signals
  /** Processes that it has made and that stand still only when told themselves. */
  readonly childrenOf?: (pid: number) => readonly number[]
}

const START_MS_MAX = 20_000
const LOOK_EVERY_MS = 5
const PORT_ATTEMPTS_MAX = 5
const PORT_TAKEN = /address already in use/i

/**
 * Beside each daemon, and the only one to outlive a test run that was killed: when our end of its
 * standard input is gone, it ends what still runs and takes the folder away. It is told which
 * process that is, and 0 when there is none.
 */
const GUARD = `
trap '' INT TERM HUP
running=0
while read -r pid; do running=$pid; done
if [ "$running" != 0 ]; then
  kill -"$2" "$running" && kill -CONT "$running"
  tries=0
  while kill -0 "$running" && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
  kill -KILL "$running"
fi
rm -rf "$1"
`

export async function createDaemon(options: DaemonOptions): Promise<Daemon> {
  const { folder, stopSignal, killSignal, childrenOf = () => [] } = options
  const log = join(folder, "log")
  const guard = startGuard(folder, killSignal)
  let port = await findPort()
  let child: Bun.Subprocess | undefined
  let paused: readonly number[] = []

  const said = () => (existsSync(log) ? readFileSync(log, "utf8") : "")
  const isRunning = () => child !== undefined && child.exitCode === null && !child.signalCode

  async function attempt(): Promise<boolean> {
    const output = openSync(log, "w")
    const started = Bun.spawn([...options.command(port)], {
      cwd: folder,
      stdio: ["ignore", output, output],
    })
    closeSync(output)
    started.unref()
    child = started
    guard.watch(started.pid)
    const deadline = performance.now() + START_MS_MAX
    while (!options.isReady(said())) {
      if (!isRunning()) return false
      if (performance.now() > deadline) throw new Error(`it does not start: ${said()}`)
      await Bun.sleep(LOOK_EVERY_MS)
    }
    return true
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!isRunning()) return
    child?.kill(signal)
    resume()
    await child?.exited
    guard.watch(0)
  }

  function resume(): void {
    // The last one first: who asks a child must not find it standing still.
    for (const pid of paused.toReversed()) signalTo(pid, "SIGCONT")
    paused = []
  }

  async function start(): Promise<void> {
    if (isRunning() || (await attempt())) return
    guard.watch(0)
    throw new Error(`it ended as soon as it was started: ${said()}`)
  }

  /** Somebody may take a port between finding and using it. */
  async function startSomewhere(): Promise<void> {
    for (let attempts = 1; ; attempts++) {
      try {
        return await start()
      } catch (error) {
        if (attempts === PORT_ATTEMPTS_MAX || !PORT_TAKEN.test(said())) throw error
        port = await findPort()
      }
    }
  }

  await startSomewhere()
  return {
    port,
    folder,
    isRunning,
    start,
    stop: () => end(stopSignal),
    kill: () => end(killSignal),
    pause() {
      if (!isRunning() || child === undefined) return
      // Itself first, or it would make new children meanwhile.
      signalTo(child.pid, "SIGSTOP")
      paused = [child.pid, ...childrenOf(child.pid)]
      for (const pid of paused) signalTo(pid, "SIGSTOP")
    },
    resume,
    async remove() {
      await end(killSignal)
      await guard.end()
    },
  }
}

function startGuard(folder: string, killSignal: NodeJS.Signals) {
  const signal = killSignal.replace("SIG", "")
  const guard = Bun.spawn(["sh", "-c", GUARD, "guard", folder, signal], {
    stdio: ["pipe", "ignore", "ignore"],
  })
  guard.unref()
  return {
    watch(pid: number): void {
      guard.stdin.write(`${pid}\n`)
      guard.stdin.flush()
    },
    async end(): Promise<void> {
      guard.stdin.end()
      await guard.exited
    },
  }
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended meanwhile.
  }
}

/**
 * A port that is free, out of those that the system gives to nobody by itself: a client that
 * tries again and again to reach a daemon that is down could be given its very port, and then
 * talks to itself.
 */
export async function findPort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if (!(await answers(port)) && (await isFree(port))) return port
  }
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" })
    socket.on("connect", () => {
      socket.destroy()
      resolve(true)
    })
    socket.on("error", () => resolve(false))
  })

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer()
    server.on("error", () => resolve(false))
    server.listen({ port, host: "127.0.0.1" }, () => server.close(() => resolve(true)))
  })
