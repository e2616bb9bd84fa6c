import { expect, test } from "bun:test"
import { join } from "node:path"
import { canRunPostgres } from "../support/postgres"
import { canRunRedis } from "../support/redis"

// Both are asked: each says loudly what is missing.
const canRun = [canRunPostgres(), canRunRedis()].every((it) => it)

test.skipIf(!canRun)(
  "given a cluster under load loses a node, Redis, Postgres and a network, then nothing is lost",
  async () => {
    const command = [process.execPath, join(import.meta.dir, "run.ts"), "--only", "cluster"]
    const run = Bun.spawn([...command, "--short"], { stdio: ["ignore", "pipe", "pipe"] })

    const output = await new Response(run.stdout).text()
    const problems = await new Response(run.stderr).text()

    // What it did, for whoever has to find out what went wrong.
    expect({ problems, output }).toEqual({ problems: "", output })
    expect(await run.exited).toBe(0)
    expect(output).toMatch(/^lost +nothing$/m)
    // Without these nothing would have been at stake.
    const countOf = (name: string) => Number(new RegExp(`^${name} +(\\d+)$`, "m").exec(output)?.[1])
    expect(countOf("stored")).toBeGreaterThan(1_000)
    expect(countOf("retried")).toBeGreaterThan(0)
    expect(countOf("refused")).toBeGreaterThan(0)
    expect(countOf("silences")).toBeGreaterThan(5)
  },
  90_000,
)
