import { describe, expect, test } from "bun:test"
import { existsSync, readFileSync } from "node:fs"
import * as timing from "../../src/cluster/timing"
import { VARIABLES } from "../../src/config"
import { METRICS, PROCESS_METRICS } from "../../src/ops/metrics"

const page = readFileSync("docs/operations.md", "utf8")
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| `parley_"))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  )

describe("docs/operations.md", () => {
  test("tells the times by which nodes notice and mend as they are, and all of them", () => {
    const told = [...page.matchAll(/^\| `([A-Z_]+_MS)` +\| +([\d,]+) \|/gm)].map(
      ([, name, ms = ""]) => [name, Number(ms.replaceAll(",", ""))],
    )

    expect(Object.fromEntries(told)).toEqual({ ...timing })
  })

  test("names no setting that is not there, and no file of deploy/", () => {
    const settings = [
      ...page.matchAll(/`((?:CHAT|JWT|WS|DATABASE|REDIS|INTERNAL|FRONTEND|LOG)_[A-Z_]+)/g),
    ].map(([, it]) => it)
    const files = [...page.matchAll(/\]\(\.\.\/(deploy[^)]*)\)/g)].map(([, it = ""]) => it)

    expect(settings.filter((it) => !(String(it) in VARIABLES))).toEqual([])
    expect(files.length).toBeGreaterThan(3)
    expect(files.filter((it) => !existsSync(it))).toEqual([])
  })

  test("tells all metrics of ours as they are, in their order, and no others", () => {
    expect(rows).toEqual(
      Object.entries(METRICS).map(([name, { type, labels, help }]) => [
        name,
        type,
        labels.join(", "),
        help,
      ]),
    )
  })

  test("names all that are told of the process, and no others", () => {
    const named = [...page.matchAll(/^- `((?:process|nodejs)_\w+)`$/gm)].map(([, name]) => name)

    expect(named).toEqual([...PROCESS_METRICS])
  })
})
