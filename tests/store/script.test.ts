import { describe, expect, test } from "bun:test"
import { runAtOnce, type Script, statement } from "../../src/store/script"

/** A prepared query that answers with what it was given. */
const echo = statement<{ readonly given: unknown }>(() => ({
  prepare: () => ({ all: (values) => [{ given: values }, { given: "second row" }] }),
}))
const nothing = statement<never>(() => ({ prepare: () => ({ all: () => [] }) }))

describe("scripts", () => {
  test("each step is handed the rows of its own query", () => {
    function* script(): Script<readonly unknown[]> {
      const first = yield* echo.first({ a: 1 })
      const all = yield* echo.all()
      const none = yield* nothing.first()
      return [first, all.length, none]
    }

    expect(runAtOnce(script())).toEqual([{ given: { a: 1 } }, 2, null])
  })

  test("a query that answers later is refused, not awaited half-way", () => {
    function* script(): Script<unknown> {
      return yield { query: { all: () => Promise.resolve([]) }, values: {} }
    }

    expect(() => runAtOnce(script())).toThrow(TypeError)
  })
})
