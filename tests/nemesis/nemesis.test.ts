import { expect, test } from "bun:test"
import { join } from "node:path"

test("given kill -9 three times under load, then nothing is lost, doubled or out of order", async () => {
  const run = Bun.spawn(
    [process.execPath, join(import.meta.dir, "run.ts"), "--only", "one", "--kills", "3"],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  )

  const output = await new Response(run.stdout).text()
  const problems = await new Response(run.stderr).text()

  expect(problems).toBe("")
  expect(await run.exited).toBe(0)
  expect(output).toContain("kill 3: pid")
  expect(output).toMatch(/^lost +nothing$/m)
  // Without these nothing would have been at stake.
  expect(Number(/^retried +(\d+)$/m.exec(output)?.[1])).toBeGreaterThan(0)
  expect(Number(/^stored +(\d+)$/m.exec(output)?.[1])).toBeGreaterThan(1_000)
}, 30_000)
