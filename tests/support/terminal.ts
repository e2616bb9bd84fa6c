/** A shell that keeps its variables from one command to the next, as a person's does. */
export interface Terminal {
  /** Runs the commands to their end. What they say on standard error is part of the output. */
  run(commands: string): Promise<{ readonly output: string; readonly wscat: Wscat | null }>
  close(): void
}

/** What `npx -y wscat` was called with: the shell has put in its variables. */
export interface Wscat {
  readonly url: string
  readonly headers: Record<string, string>
  /** What `-x` sends, in order. */
  readonly frames: readonly string[]
}

const WSCAT = "wscat was called with:"
const DONE = "the commands are done"

/** Stands in for npx, so that a test downloads nothing: says its arguments, one a line. */
const FAKE_NPX = `npx() { echo "${WSCAT}"; printf '%s\\n' "$@"; }\nexec 2>&1\n`

export function createTerminal(): Terminal {
  const shell = Bun.spawn(["bash"], { stdin: "pipe", stdout: "pipe", stderr: "inherit" })
  const reader = shell.stdout.getReader()
  const decoder = new TextDecoder()
  shell.stdin.write(FAKE_NPX)

  async function readOutput(): Promise<string> {
    let output = ""
    while (!output.endsWith(`${DONE}\n`)) {
      const { value, done } = await reader.read()
      if (done) throw new Error(`the shell ended: ${output}`)
      output += decoder.decode(value, { stream: true })
    }
    return output.slice(0, -DONE.length - 1)
  }

  return {
    async run(commands) {
      shell.stdin.write(`${commands}\necho\necho "${DONE}"\n`)
      await shell.stdin.flush()
      const [output = "", call] = (await readOutput()).split(`${WSCAT}\n`)
      return { output, wscat: call === undefined ? null : parseCall(call.trimEnd().split("\n")) }
    },
    close: () => shell.kill(),
  }
}

function parseCall([yes, name, ...args]: readonly string[]): Wscat {
  if (yes !== "-y" || name !== "wscat") throw new Error(`npx was called for ${name}`)
  const frames: string[] = []
  const headers: Record<string, string> = {}
  let url = ""
  for (let index = 0; index < args.length; index += 2) {
    const [option, value = ""] = args.slice(index, index + 2)
    if (option === "-c") url = value
    else if (option === "-x") frames.push(value)
    else if (option === "-H") headers[value.split(":")[0] ?? ""] = value.replace(/^[^:]*: */, "")
    else throw new Error(`wscat was called with ${option}`)
  }
  return { url, headers, frames }
}
