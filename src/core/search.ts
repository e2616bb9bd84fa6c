import type { Actor, Message } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import {
  asUserId,
  type Instant,
  type MessageNumericId,
  type RoomId,
  type UserNumericId,
} from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import { authorMark, FILE_MARK, wordsOf } from "../protocol/search-terms"
import type { FoundText, Phrase, Script, SearchedRoom } from "../store"
import type { ChatDeps } from "./deps"
import { createLines } from "./lines"
import type { RateLimit } from "./rate-limit"
import type { Rooms } from "./rooms"
import { byAge, createFindCandidates, type Scope, type Wanted } from "./search-candidates"
import type { Indexing } from "./search-indexing"
import { findPhrases, type Range, readQuery } from "./search-query"
import { snippetOf } from "./search-snippet"
import { mapInTurns } from "./turns"

export interface SearchQuery {
  readonly q: string
  readonly roomId?: RoomId | undefined
  /** A user's id or name. */
  readonly from?: string | undefined
  readonly before?: Instant | undefined
  readonly after?: Instant | undefined
  /** Only messages that show a file. */
  readonly hasFile?: boolean | undefined
  readonly cursor?: SearchCursor | undefined
  readonly limit: number
}

/**
 * The last of a page: what it was worth, and when that was found. Pages after the first rank as
 * of that instant, so nothing that is sent meanwhile moves them.
 */
export interface SearchCursor {
  readonly at: Instant
  readonly score: number
  readonly numericId: MessageNumericId
}

export interface SearchHit {
  readonly message: Message
  /** HTML: hits in `<mark>`, all else as text. */
  readonly snippet: string
}

export interface SearchPage {
  readonly hits: readonly SearchHit[]
  /** Null: this was the last page. */
  readonly next: SearchCursor | null
  /** Messages that were not looked at, because they are not in the index yet. */
  readonly behind: number
}

interface SearchDeps extends Pick<ChatDeps, "store" | "now"> {
  readonly rooms: Rooms
  readonly indexing: Pick<Indexing, "catchUp">
  readonly searches: RateLimit
}

const NOTHING: SearchPage = { hits: [], next: null, behind: 0 }

const N = LIMITS.searchRankedMax

/**
 * Rooms that a search for common words walks through, and brings up to date: one's own, then the
 * newest public ones. Rare words are found wherever they are.
 */
const ROOMS_MAX = 1_000

export function createSearchRules({ store, now, rooms, indexing, searches }: SearchDeps) {
  const findCandidates = createFindCandidates(store)
  // Each holds up to a thousand texts, and takes a part of every turn while it looks at them.
  const inLine = createLines<UserNumericId>()

  /**
   * Messages with all of the words, in the rooms that the user may read: the best of the newest
   * thousand, by how much they are about them and how new they are. Whatever was acknowledged
   * before is found, but where so much of it is new that `behind` says so. Searches of one user
   * are carried out one after the other.
   * Errors: `invalid_request`, `room_not_found`, `banned`, `user_not_found`, `rate_limited`.
   */
  async function search(actor: Actor, query: SearchQuery): Promise<SearchPage> {
    const phrases = readQuery(query.q)
    searches.take(actor.user.numericId)
    return await inLine(actor.user.numericId, () => searchFor(actor, query, phrases))
  }

  async function searchFor(
    actor: Actor,
    query: SearchQuery,
    phrases: readonly Phrase[],
  ): Promise<SearchPage> {
    const { scope, author } = await store.read(prepare(actor, query))
    if (phrases.length === 0) return NOTHING
    const searched = scope.type === "room" ? [scope.room] : scope.rooms
    const late = searched.filter(({ head, indexedSeq }) => indexedSeq < head)
    const behind = await indexing.catchUp(late, LIMITS.searchCatchUpMax)
    const at = query.cursor?.at ?? now()
    const wanted = { ...timesOf(query, at), phrases, marks: marksOf(query, author) }
    const found = await findCandidates(wanted, scope)
    const page = (await rank(found, phrases, at))
      .filter((it) => query.cursor === undefined || isBehind(it, query.cursor))
      .slice(0, query.limit)
    const hits = await show(await store.read(load(actor, page)), phrases)
    const last = page.at(-1)
    const next =
      last === undefined || page.length < query.limit
        ? null
        : { at, score: last.score, numericId: last.text.numericId }
    return { hits, next, behind }
  }

  function* prepare(
    actor: Actor,
    { roomId, from }: SearchQuery,
  ): Script<{ readonly scope: Scope; readonly author: UserNumericId | null }> {
    const author = from === undefined ? null : yield* findAuthor(from)
    const user = actor.user.numericId
    if (roomId !== undefined) {
      const { room } = yield* rooms.findReadable(actor, roomId)
      const [readable] = yield* store.search.roomsAmong([room.numericId], user, now())
      if (readable === undefined) throw new ChatError("room_not_found")
      return { scope: { type: "room", room: readable }, author }
    }
    const readable = yield* store.search.roomsOf(user, {
      now: now(),
      limit: ROOMS_MAX,
    })
    const amongst = (some: readonly SearchedRoom["numericId"][]) =>
      store.search.roomsAmong(some, user, now())
    return { scope: { type: "all", rooms: readable, amongst }, author }
  }

  function* findAuthor(name: string): Script<UserNumericId> {
    const user =
      (yield* store.users.find(asUserId(name))) ?? (yield* store.users.findByUsername(name))
    if (user === null) throw new ChatError("user_not_found")
    return user.numericId
  }

  /** As they are by now: what was deleted meanwhile, or may not be read any more, is left out. */
  function* load({ user }: Actor, page: readonly Ranked[]): Script<readonly Message[]> {
    const messages = yield* store.messages.findAll(page.map(({ text }) => text.numericId))
    const inRooms = [...new Set(page.map(({ text }) => text.roomNumericId))]
    const readable = yield* store.search.roomsAmong(inRooms, user.numericId, now())
    const mayRead = new Set(readable.map(({ id }) => id))
    const byId = new Map(messages.map((message) => [message.numericId, message]))
    return page.flatMap(({ text }) => {
      const message = byId.get(text.numericId)
      if (message === undefined || message.deletedAt !== null) return []
      return mayRead.has(message.roomId) ? [message] : []
    })
  }

  return { search }
}

/** Later pages do not know of what was sent since the first. */
function timesOf({ before, after, cursor }: SearchQuery, at: Instant) {
  const until = cursor === undefined ? before : Math.min(before ?? at + 1, at + 1)
  return { before: until ?? null, after: after ?? null }
}

const marksOf = ({ hasFile }: SearchQuery, author: UserNumericId | null): Wanted["marks"] => [
  ...(author === null ? [] : [authorMark(author)]),
  ...(hasFile === true ? [FILE_MARK] : []),
]

interface Ranked {
  readonly text: FoundText
  readonly score: number
}

/** Whole numbers: a cursor holds one, and it must be the same again. */
const SCORE_MAX = 1_000_000

/** A message so old is worth half as much for its time as a new one. */
const HALF_MS = 30 * 86_400_000

/** Of a message of so many words, a hit is worth what it is on the average. */
const WORDS_USUAL = 12

/** What was made to say something else meanwhile is left out. */
async function show(
  messages: readonly Message[],
  phrases: readonly Phrase[],
): Promise<readonly SearchHit[]> {
  const shown = await mapInTurns(messages, (message) => {
    const places = findPhrases(wordsOf(message.content), phrases)
    return places === null ? [] : [{ message, snippet: snippetOf(message.content, places.flat()) }]
  })
  return shown.flat()
}

/** Best first. What does not hold the words any more is left out. */
async function rank(
  found: readonly FoundText[],
  phrases: readonly Phrase[],
  at: Instant,
): Promise<Ranked[]> {
  // Long texts of strange letters take milliseconds each.
  const ranked = await mapInTurns(found.slice(0, N), (text) => {
    const words = wordsOf(text.content)
    const places = findPhrases(words, phrases)
    if (places === null) return []
    const newness = HALF_MS / (HALF_MS + Math.max(0, at - text.createdAt))
    const worth = (relevance(places, words.tokens.length) + newness) / 2
    return [{ text, score: Math.round(worth * SCORE_MAX) }]
  })
  return ranked.flat().sort((a, b) => b.score - a.score || byAge(a.text, b.text))
}

/**
 * BM25 without the rarity of words, which all found messages have alike: how often the words
 * stand in a message, for its length. From 0 to 1.
 */
function relevance(places: readonly (readonly Range[])[], words: number): number {
  const length = 0.3 + 0.9 * (words / WORDS_USUAL)
  const worths = places.map(({ length: count }) => count / (count + length))
  return worths.reduce((sum, it) => sum + it, 0) / places.length
}

const isBehind = ({ text, score }: Ranked, cursor: SearchCursor): boolean =>
  score < cursor.score || (score === cursor.score && text.numericId < cursor.numericId)

export type SearchRules = ReturnType<typeof createSearchRules>
