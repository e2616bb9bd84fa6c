import { sql } from "drizzle-orm"
import { statement } from "./script"
import type { IndexKey, SearchIndex } from "./search-index"

/** In the form in which Drizzle's own prepared queries are run: it knows no `tsquery`. */
const prepared = (text: string, names: readonly string[]) =>
  statement<IndexKey>(() => ({
    prepare: () => ({
      queryString: text,
      params: names.map((name) => sql.placeholder(name)),
      fields: [{ path: ["key"], field: sql`key`.mapWith(Number) }],
      all: () => {
        throw new TypeError("such a query is run by its plan")
      },
    }),
  }))

/** A word may stand in so many places of a message; Postgres takes no larger ones. */
const PLACE_MAX = 16_383

/** `'and':2 'fish':1,3`: a tsvector as text. Words hold nothing that would have to be escaped. */
function vector(terms: readonly string[]): string {
  const places = new Map<string, number[]>()
  for (const [index, term] of terms.entries()) {
    const known = places.get(term)
    const place = Math.min(index + 1, PLACE_MAX)
    if (known === undefined) places.set(term, [place])
    else known.push(place)
  }
  return [...places].map(([term, at]) => `'${term}':${at.join(",")}`).join(" ")
}

/** The index in Postgres: a `tsvector` of words that we have made, in no language. */
export function createPostgresSearchIndex(): SearchIndex {
  const put = prepared(
    `insert into message_terms (key, terms)
     select (entry ->> 0)::bigint, (entry ->> 1)::tsvector
     from json_array_elements(cast($1 as text)::json) as entry
     on conflict (key) do update set terms = excluded.terms returning key`,
    ["entries"],
  )

  return {
    expression: (phrases) =>
      phrases.map((terms) => terms.map((term) => `'${term}'`).join(" <-> ")).join(" & "),
    find: prepared(
      "select key from message_terms where terms @@ cast(cast($1 as text) as tsquery) limit $2",
      ["expression", "limit"],
    ),
    findBetween: prepared(
      `select key from message_terms where terms @@ cast(cast($1 as text) as tsquery)
       and key between $2 and $3 order by key limit $4`,
      ["expression", "from", "until", "limit"],
    ),
    *put(entries) {
      if (entries.length === 0) return
      const rows = entries.map(({ key, terms }) => [key, vector(terms)])
      yield* put.all({ entries: JSON.stringify(rows) })
    },
  }
}
