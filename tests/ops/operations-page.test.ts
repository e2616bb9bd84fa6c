import { describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
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
