import { afterEach, expect, jest, test } from "bun:test"
import { createLinkLog } from "../../src/ops/link-log"
import type { Log } from "../../src/ops/log"

afterEach(() => jest.useRealTimers())

function openLog() {
  jest.useFakeTimers()
  const lines: string[] = []
  const line = (level: string) => (fields: { left_out?: number; reason?: string }) =>
    lines.push([level, fields.reason, fields.left_out].filter((it) => it !== undefined).join(" "))
  const log = { info: line("up"), warn: line("down") }
  // A log may be called in more ways than the one that is used.
  return { lines, ...createLinkLog(log as unknown as Log, "redis:6379") }
}

test("that Redis went and came is told at once, each time", () => {
  const { lines, up, down } = openLog()

  up()
  down("it is gone")
  up()

  expect(lines).toEqual(["up", "down it is gone", "up"])
})

test("given Redis comes and goes a thousand times in 10 s, then six lines tell of it, and one how it is in the end", () => {
  const { lines, up, down } = openLog()

  for (let count = 0; count < 1_000; count++) {
    up()
    down("it is gone")
  }
  expect(lines).toHaveLength(6)

  jest.advanceTimersByTime(10_000)
  expect(lines.slice(6)).toEqual(["down it is gone 1994"])
  jest.advanceTimersByTime(60_000)
  expect(lines).toHaveLength(7)
})
