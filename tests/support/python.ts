/** A Python that has a package, by its command; null: there is none on this machine. */
export function pythonWith(name: string): string | null {
  const candidates = ["python3", "/usr/bin/python3"].filter((it) => Bun.which(it) !== null)
  const found = candidates.find((python) => {
    const { exitCode } = Bun.spawnSync([python, "-c", `import ${name}`], { stderr: "ignore" })
    return exitCode === 0
  })
  if (found === undefined) console.warn(`SKIPPED: no Python here has the package ${name}`)
  return found ?? null
}

export interface PythonProgram {
  /** Waits for a line that begins so, and returns the rest of it. */
  line(start: string): Promise<string>
  /** Ends it, and returns all that it wrote where errors go. */
  end(): Promise<string>
}

const TIMEOUT_MS = 15_000

/** Runs a program that is there as text. */
export function runPython(python: string, program: string): PythonProgram {
  const running = Bun.spawn([python, "-u", "-c", program], { stdout: "pipe", stderr: "pipe" })
  const errors = new Response(running.stderr).text()
  const timer = setTimeout(() => running.kill(), TIMEOUT_MS)
  const decoder = new TextDecoder()
  const reader = running.stdout.getReader()
  let unread = ""

  return {
    async line(start) {
      for (;;) {
        const end = unread.indexOf("\n")
        if (end === -1) {
          const { done, value } = await reader.read()
          if (done) throw new Error(`it ended before it said ${start}: ${await errors}`)
          unread += decoder.decode(value, { stream: true })
          continue
        }
        const line = unread.slice(0, end)
        unread = unread.slice(end + 1)
        if (line.startsWith(start)) return line.slice(start.length)
      }
    },
    async end() {
      clearTimeout(timer)
      running.kill()
      await running.exited
      return errors
    },
  }
}
