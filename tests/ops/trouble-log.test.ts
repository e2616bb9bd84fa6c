import { expect, test } from "bun:test"
import { createBackground, type Log } from "../../src/ops/log"
import { createTroubleLog } from "../../src/ops/trouble-log"
import { ChatError } from "../../src/protocol/errors"
import { keepLog } from "../support/log"

function openLog() {
  const lines: unknown[] = []
  let instant = 0
  const log = {
    error: (fields: unknown, text: string) => lines.push([text, fields]),
    info: (text: string) => lines.push([text]),
  }
  // A log may be called in more ways than these two, which are the ones that are used.
  const troubleLog = createTroubleLog(log as unknown as Log, () => instant)
  return { lines, ...troubleLog, advance: (ms: number) => (instant += ms) }
}
const full = new Error("full")

test("given a thousand refusals in 10 s, it is told once, and later how often it came", () => {
  const { lines, trouble, advance } = openLog()

  for (let index = 0; index < 1000; index++) {
    trouble(full)
    advance(9)
  }
  expect(lines).toEqual([["the database is in trouble", { err: full, since_last_line: 0 }]])

  advance(1_000)
  trouble(full)
  expect(lines).toHaveLength(2)
  expect(lines[1]).toEqual(["the database is in trouble", { err: full, since_last_line: 999 }])
})

test("given trouble that comes and goes, its end is told once for each time that it was told", () => {
  const { lines, trouble, relief, advance } = openLog()

  relief()
  expect(lines).toEqual([])
  for (let index = 0; index < 500; index++) {
    trouble(full)
    relief()
    advance(30)
  }

  const texts = lines.map((line) => (line as string[])[0])
  const both = ["the database is in trouble", "the database stores again"]
  expect(texts).toEqual([...both, ...both])
})

test("a background task that met with the database's trouble is not told a second time, any other is", async () => {
  const { log, lines } = keepLog("error")
  const runInBackground = createBackground(log)

  runInBackground(Promise.reject(new ChatError("overloaded")), "trouble")
  runInBackground(Promise.reject(new TypeError("no")), "fault")
  await Bun.sleep(0)

  expect(lines().map(({ task }) => task)).toEqual(["fault"])
})
