import { VARIABLES } from "../../src/config"
import { waitUntil } from "./wait"

/** A program that prints lines and is typed into: an example of docs/examples. */
export interface TerminalChat {
  /** All that it has printed, errors among it. */
  readonly lines: readonly string[]
  /** The first line that fits, when it has come. Rejects when it ends without it. */
  heard(line: string | RegExp): Promise<string>
  type(line: string): void
  /** Nothing more is typed. Resolves with the exit code. */
  end(): Promise<number>
  /** When it ends by itself. */
  readonly ended: Promise<number>
  kill(): void
}

const ROOT = `${import.meta.dir}/../..`

/** The time that a script takes to start and connect on a slow machine. */
const HEARD_MS = 15_000

/**
 * As in the terminal of whoever runs the tests, for an interpreter may need any of it (its own
 * root, its path of packages), but without what would set up another server.
 */
const TERMINAL_ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !(name in VARIABLES)),
)

/** Runs commands of a shell, which may be many lines. */
export function openTerminalChat(
  commands: string,
  env: Readonly<Record<string, string>>,
): TerminalChat {
  const child = Bun.spawn(["bash", "-c", commands], {
    cwd: ROOT,
    env: { ...TERMINAL_ENVIRONMENT, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  })
  const lines: string[] = []
  const read = [child.stdout, child.stderr].map((output) => readLines(output, lines))
  let isOver = false
  const ended = Promise.all([child.exited, ...read]).then(([code]) => {
    isOver = true
    return code
  })

  return {
    lines,
    async heard(wanted) {
      const fits = (line: string) =>
        typeof wanted === "string" ? line === wanted : wanted.test(line)
      const isThere = () => lines.some(fits)
      const isSettled = () => isThere() || isOver
      await waitUntil(`${wanted} came`, isSettled, HEARD_MS).catch((error) => {
        throw new Error(`${error.message}, but: ${lines.join("\n")}`)
      })
      if (!isThere()) throw new Error(`it ended before ${wanted} came: ${lines.join("\n")}`)
      return lines.find(fits) ?? ""
    },
    type(line) {
      child.stdin.write(`${line}\n`)
      child.stdin.flush()
    },
    end() {
      child.stdin.end()
      return ended
    },
    ended,
    kill: () => child.kill(),
  }
}

async function readLines(output: ReadableStream<Uint8Array>, lines: string[]): Promise<void> {
  const decoder = new TextDecoder()
  let rest = ""
  for await (const chunk of output) {
    const [...parts] = (rest + decoder.decode(chunk, { stream: true })).split("\n")
    rest = parts.pop() ?? ""
    lines.push(...parts)
  }
  if (rest !== "") lines.push(rest)
}
