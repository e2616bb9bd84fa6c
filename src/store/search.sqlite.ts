import type { Database as SqliteFile } from "bun:sqlite"
import { sql } from "drizzle-orm"
import { statement } from "./script"
import type { IndexKey, SearchIndex } from "./search-index"

/** The index in SQLite: FTS5, which parts words at spaces and knows no languages. */
export function createSqliteSearchIndex(file: SqliteFile): SearchIndex {
  /** In the form in which Drizzle's own prepared queries are run (`readRows`): it knows no FTS5. */
  const prepared = (text: string, names: readonly string[]) =>
    statement<IndexKey>(() => ({
      prepare: () => ({
        stmt: file.prepare(text),
        query: { params: names.map((name) => sql.placeholder(name)) },
        fields: [{ path: ["key"], field: sql`rowid` }],
        all: () => {
          throw new TypeError("such a query is run by its plan")
        },
      }),
    }))
  const put = prepared(
    "insert or replace into message_terms (rowid, terms) values (?, ?) returning rowid",
    ["key", "terms"],
  )

  return {
    // Words hold letters, digits and pictures alone, so nothing in them need be escaped.
    expression: (phrases) => phrases.map((terms) => `"${terms.join(" ")}"`).join(" AND "),
    find: prepared("select rowid from message_terms where message_terms match ? limit ?", [
      "expression",
      "limit",
    ]),
    findBetween: prepared(
      "select rowid from message_terms where message_terms match ? and rowid between ? and ? order by rowid limit ?",
      ["expression", "from", "until", "limit"],
    ),
    *put(entries) {
      for (const { key, terms } of entries) yield* put.first({ key, terms: terms.join(" ") })
    },
  }
}
