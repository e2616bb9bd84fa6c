import type { Pace, Workload } from "../bench"
import { formatFigure, judge, verdictCells } from "../floor"
import { copyOfSeed, type ParleyServer, startParley } from "../parley"
import { makeSearchCorpus, type SearchCorpus } from "../search-corpus"

const messagesInFull = 1_000_000
const messagesInQuick = 50_000
const searchesInFull = 200
const searchesInQuick = 30
const warmUpSearches = 10

/** A user may search 120 times a minute, so that many take turns. */
const readers = 20

interface Case {
  readonly what: string
  readonly query: Readonly<Record<string, string>>
}

/** Finding messages by their words, one after the other as somebody who types and reads. */
export const search: Workload = {
  name: "search",
  users: readers,
  measure: async ({ seed, folder, pace }) => {
    const accounts = seed.accounts.slice(0, readers)
    const dataFolder = await copyOfSeed(seed, folder)
    const names = accounts.map(({ username }) => username)
    const corpus = await makeSearchCorpus(dataFolder, names, messagesOf(pace))
    await using parley = await startParley({ dataFolder, accounts }, folder)
    const tokens = accounts.map(({ token }) => token)
    for (const { query } of casesOf(corpus)) {
      await measureCase(parley, { query, tokens, count: warmUpSearches })
    }
    const rows: (readonly string[])[] = []
    let worst = 0
    for (const { what, query } of casesOf(corpus)) {
      const figures = await measureCase(parley, { query, tokens, count: searchesOf(pace) })
      worst = Math.max(worst, figures.p99)
      const verdict = judge({ kind: "under", bound: 50, unit: " ms" }, figures.p99)
      rows.push([what, String(figures.hits), formatFigure(figures.p50), ...verdictCells(verdict)])
    }
    return {
      title: "Search by REST",
      method:
        `${formatFigure(corpus.messages)} messages in ${formatFigure(corpus.rooms)} private rooms, ` +
        `of which the reader is in ${corpus.ownRooms}; words as frequent as in a language. ` +
        `${searchesOf(pace)} searches of each kind, one after the other, for pages of 50.`,
      tables: [{ columns: ["words", "hits", "p50 ms", "p99", "floor", ""], rows }],
      verdicts: [judge({ kind: "under", bound: 50, unit: " ms" }, worst)],
    }
  },
}

const isQuick = ({ rounds }: Pace) => rounds < 5
const messagesOf = (pace: Pace) => (isQuick(pace) ? messagesInQuick : messagesInFull)
const searchesOf = (pace: Pace) => (isQuick(pace) ? searchesInQuick : searchesInFull)

function casesOf({ words, foreign, room }: SearchCorpus): readonly Case[] {
  const { rare, common } = words
  const everywhere = words["very common"]
  return [
    { what: "rare, all rooms", query: { q: rare } },
    { what: "common, all rooms", query: { q: common } },
    { what: "very common, all rooms", query: { q: everywhere } },
    { what: "a rare and a very common one, all rooms", query: { q: `${rare} ${everywhere}` } },
    { what: "nearly only where one may not read", query: { q: foreign } },
    { what: "rare, one room", query: { q: rare, room_id: room } },
    { what: "common, one room", query: { q: common, room_id: room } },
    { what: "very common, one room", query: { q: everywhere, room_id: room } },
  ]
}

interface Asking {
  readonly query: Readonly<Record<string, string>>
  readonly tokens: readonly string[]
  readonly count: number
}

async function measureCase(
  { port }: ParleyServer,
  { query, tokens, count }: Asking,
): Promise<{ readonly hits: number; readonly p50: number; readonly p99: number }> {
  const address = `http://127.0.0.1:${port}/api/v1/search?${new URLSearchParams(query)}`
  const times: number[] = []
  let hits = 0
  for (let index = 0; index < count; index++) {
    const authorization = `Bearer ${tokens[index % tokens.length]}`
    const startedAt = performance.now()
    const response = await fetch(address, { headers: { authorization } })
    const body: unknown = await response.json()
    times.push(performance.now() - startedAt)
    if (!response.ok || !Array.isArray(body)) throw new Error(`a search: ${response.status}`)
    hits = body.length
  }
  times.sort((a, b) => a - b)
  const at = (part: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0
  return { hits, p50: at(0.5), p99: at(0.99) }
}
