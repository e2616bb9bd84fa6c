import { type Placeholder, sql } from "drizzle-orm"
import { type Script, type Statement, statement } from "./script"

/** How many rows one statement asks for; the smallest that will do is taken. */
const SIZES = [16, 64, 500] as const

/** The number of nothing: rooms and users are counted from 1, and messages from beyond that. */
const NOTHING = -1

/**
 * A query for rows by their numbers, however many these are. Each place is bound: a list of
 * numbers is written in another way by each database.
 */
export function listed<Row>(
  build: (
    places: Placeholder[],
  ) => Parameters<typeof statement<Row>>[0] extends () => infer Query ? Query : never,
) {
  const sized = (size: number) =>
    statement<Row>(() =>
      build(Array.from({ length: size }, (_, place) => sql.placeholder(`listed${place}`))),
    )
  const statements = SIZES.map((size) => ({ size, query: sized(size) }))

  const ask = (
    query: Statement<Row>,
    some: readonly number[],
    size: number,
    values: Readonly<Record<string, unknown>>,
  ): Script<readonly Row[]> => {
    const bound: Record<string, unknown> = { ...values }
    for (let place = 0; place < size; place++) bound[`listed${place}`] = some[place] ?? NOTHING
    return query.all(bound)
  }

  return {
    *all(
      numbers: readonly number[],
      values: Readonly<Record<string, unknown>> = {},
    ): Script<readonly Row[]> {
      const rows: Row[] = []
      for (let start = 0; start < numbers.length; ) {
        const left = numbers.length - start
        const fitting = statements.find(({ size }) => size >= left) ?? statements.at(-1)
        if (fitting === undefined) break
        const some = numbers.slice(start, start + fitting.size)
        rows.push(...(yield* ask(fitting.query, some, fitting.size, values)))
        start += fitting.size
      }
      return rows
    },
  }
}
