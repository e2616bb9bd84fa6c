import { join } from "node:path"
import { watchServer } from "./strange"

const ROOT = join(import.meta.dir, "../..")

/** Only what a program needs to run: no setting of the one who runs the tests leaks in. */
const BARE_ENVIRONMENT = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" }

function spawn(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input?: string | Uint8Array<ArrayBuffer>,
) {
  return Bun.spawn([process.execPath, "--no-env-file", "src/main.ts", ...args], {
    cwd: ROOT,
    env: { ...BARE_ENVIRONMENT, ...env },
    stdin: input === undefined ? "ignore" : new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
  })
}

/** Runs the command line to its end, with `input` as its standard input. */
export async function runProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input?: string | Uint8Array<ArrayBuffer>,
) {
  const child = spawn(args, env, input)
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { exitCode, stdout, stderr }
}

/** Starts `parley serve` on a free port. `stop` ends it by SIGTERM and gives all it has said. */
export async function serveProgram(env: Readonly<Record<string, string>>) {
  const child = spawn(["serve"], { PORT: "0", CHAT_LINK_PREVIEWS: "off", ...env })
  const stderr = new Response(child.stderr).text()
  const reader = child.stdout.getReader()
  const decoder = new TextDecoder()
  let stdout = ""
  let url: string | undefined
  while (url === undefined) {
    const { value, done } = await reader.read()
    if (done) throw new Error(`the server did not start: ${stdout}${await stderr}`)
    stdout += decoder.decode(value, { stream: true })
    url = /"address":"([^"]+)"/.exec(stdout)?.[1]
  }
  watchServer(url)
  return {
    url,
    async stop(): Promise<{ exitCode: number; output: string }> {
      child.kill("SIGTERM")
      for (let it = await reader.read(); !it.done; it = await reader.read()) {
        stdout += decoder.decode(it.value, { stream: true })
      }
      return { exitCode: await child.exited, output: stdout + (await stderr) }
    },
  }
}
