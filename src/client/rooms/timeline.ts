import type { ApiMessage, ApiProfile } from "../../protocol/answers"
import type { HistoryQuery } from "../api"
import type { PendingMessage, Timeline, TimelineState } from "../client"
import { ParleyError } from "../error"
import { LIMITS } from "../limits"
import { createLive } from "../live"
import {
  findMessage,
  inserted,
  type Messages,
  placeOf,
  replaced,
  united,
  withProfile,
} from "./messages-in-order"

interface TimelineDeps {
  /** A part of the history, oldest first. Rejects with a `ParleyError`. */
  readonly read: (query: HistoryQuery) => Promise<Messages>
  /** The newest messages that are known anyway, without a hole up to now. */
  readonly known: () => Messages
  /** Whether a message belongs here. */
  readonly takes: (message: ApiMessage) => boolean
  readonly pending: () => readonly PendingMessage[]
  /** There is another state to be shown, by `show`. */
  readonly onChange: () => void
  /** What was read goes on up to now. */
  readonly onNewest?: (newest: Messages) => void
  /** Of a thread: what it hangs on, which stands before its answers. */
  readonly readRoot?: () => Promise<ApiMessage>
}

/** Messages that stay loaded; beyond that those far from where one reads are let go. */
export const LOADED_MAX = 600
const FIRST_PAGE = 50
const PAGE = 100
/** What is heard while something is read, so that the two can be put together. */
const MISSED_MAX = 1_000

export interface TimelineModel extends Timeline {
  hear(message: ApiMessage): void
  rename(profile: ApiProfile): void
  /** The history is another one, or was not to be had: what is open is read again. */
  reopen(): void
  /** Whether it is open and could not be read. */
  readonly isTroubled: boolean
  /** Without a hole up to now; null: it is somewhere else, or not open. */
  readonly newest: Messages | null
  touch(): void
  show(): void
  close(): void
}

/** A window on a history: see `Timeline`. */
export function createTimeline(deps: TimelineDeps): TimelineModel {
  const live = createLive<TimelineState>(EMPTY)
  let messages: Messages = []
  let root: ApiMessage | null = null
  let isAtStart = false
  let isAtEnd = false
  let loading: TimelineState["loading"] = null
  let trouble: ParleyError | null = null
  /** Where it was opened; undefined: it is not. */
  let openedAt: { readonly around: number } | null | undefined
  /** One looks back: what is let go is at the end. */
  let looksBack = false
  /** Answers to what was asked before the last `open` count no more. */
  let turn = 0
  let missed: ApiMessage[] = []
  let missedNames: ApiProfile[] = []
  let running: Promise<void> = Promise.resolve()
  let isChanged = false

  function touch(): void {
    isChanged = true
    deps.onChange()
  }

  function show(): void {
    if (!isChanged) return
    isChanged = false
    const shown = root === null ? messages : [root, ...messages]
    live.set({ messages: shown, pending: deps.pending(), isAtStart, isAtEnd, loading, trouble })
  }

  function load(
    kind: Exclude<TimelineState["loading"], null>,
    query: HistoryQuery & { readonly limit: number },
    take: (page: Messages, isLast: boolean) => void,
  ): Promise<void> {
    turn++
    loading = kind
    trouble = null
    missed = []
    missedNames = []
    touch()
    running = run(turn, query, take)
    return running
  }

  async function run(
    own: number,
    query: HistoryQuery & { readonly limit: number },
    take: (page: Messages, isLast: boolean) => void,
  ): Promise<void> {
    try {
      const [page, found] = await Promise.all([deps.read(query), root ?? deps.readRoot?.() ?? null])
      if (own !== turn) return
      root =
        found === null || (root !== null && root.changed_seq > found.changed_seq) ? root : found
      take(missed.reduce(replaced, page), isLastPage(page, query.limit))
      // What was read or heard before they were renamed.
      messages = missedNames.reduce(withProfile, messages)
      if (isAtEnd) deps.onNewest?.(messages)
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
      if (own !== turn) return
      trouble = error
    }
    loading = null
    missed = []
    missedNames = []
    touch()
  }

  /** What was heard while the last page was on its way goes on after it. */
  function atEnd(page: Messages): void {
    isAtEnd = missed.length < MISSED_MAX
    messages = page
    const from = page.at(-1)?.seq ?? 0
    if (isAtEnd) for (const message of missed) if (message.seq > from) put(message)
  }

  function put(message: ApiMessage): void {
    if (findMessage(messages, message.seq) !== undefined) {
      messages = replaced(messages, message)
      return
    }
    const [first] = messages
    const last = messages.at(-1)
    if (first === undefined || last === undefined) {
      if (isAtEnd && isAtStart) messages = [message]
      return
    }
    // Before the first one, or after the last one, it would leave a hole where there are more.
    if (message.seq < first.seq && !isAtStart) return
    if (message.seq > last.seq && !isAtEnd) return
    messages = inserted(messages, message)
    letGo()
  }

  function letGo(): void {
    if (messages.length <= LOADED_MAX) return
    if (looksBack) {
      messages = messages.slice(0, LOADED_MAX)
      isAtEnd = false
    } else {
      messages = messages.slice(-LOADED_MAX)
      isAtStart = false
    }
  }

  function openNewest(): Promise<void> {
    messages = deps.known()
    isAtEnd = messages.length > 0
    if (messages.length >= FIRST_PAGE && deps.readRoot === undefined) {
      turn++
      loading = null
      trouble = null
      touch()
      return Promise.resolve()
    }
    return load("first", { limit: FIRST_PAGE }, (page, isLast) => {
      const from = page[0]?.seq ?? Number.POSITIVE_INFINITY
      // What was known from before may end where this does not begin.
      const kept = messages.slice(placeOf(messages, from))
      isAtStart = isLast
      atEnd(united(page, kept))
    })
  }

  function openAround(around: number): Promise<void> {
    messages = []
    isAtEnd = false
    const half = FIRST_PAGE / 2
    return load("first", { around, limit: FIRST_PAGE }, (page, isLast) => {
      const before = placeOf(page, around)
      isAtStart = isLast && before < half
      if (isLast && page.length - before < half) atEnd(page)
      else messages = page
    })
  }

  function open(at?: { readonly around: number }): Promise<void> {
    openedAt = at ?? null
    isAtStart = false
    looksBack = false
    return at === undefined ? openNewest() : openAround(at.around)
  }

  return {
    state: live,
    open,
    loadOlder() {
      const [first] = messages
      if (loading !== null) return running
      if (openedAt === undefined || isAtStart || first === undefined) return Promise.resolve()
      return load("older", { before: first.seq, limit: PAGE }, (page, isLast) => {
        messages = united(page, messages)
        isAtStart = isLast
        looksBack = true
        letGo()
      })
    },
    loadNewer() {
      const last = messages.at(-1)
      if (loading !== null) return running
      if (openedAt === undefined || isAtEnd || last === undefined) return Promise.resolve()
      return load("newer", { after: last.seq, limit: PAGE }, (page, isLast) => {
        looksBack = false
        const grown = united(messages, page)
        if (isLast) atEnd(grown)
        else messages = grown
        letGo()
      })
    },
    hear(message) {
      if (openedAt === undefined || !deps.takes(message)) return
      if (message.id === root?.id) {
        if (message.changed_seq > root.changed_seq) root = message
      } else {
        if (loading !== null && missed.length < MISSED_MAX) missed.push(message)
        put(message)
      }
      touch()
    },
    rename(profile) {
      if (loading !== null && missedNames.length < MISSED_MAX) missedNames.push(profile)
      const renamed = withProfile(messages, profile)
      const [newRoot] = root === null ? [] : withProfile([root], profile)
      if (renamed === messages && (newRoot ?? null) === root) return
      messages = renamed
      root = newRoot ?? null
      touch()
    },
    reopen() {
      if (openedAt !== undefined) void open(openedAt ?? undefined)
    },
    get isTroubled() {
      return openedAt !== undefined && trouble !== null
    },
    get newest() {
      return openedAt !== undefined && isAtEnd ? messages : null
    },
    touch,
    show,
    close() {
      turn++
      openedAt = undefined
      messages = []
      missed = []
      root = null
      isAtStart = false
      isAtEnd = false
      loading = null
      trouble = null
      touch()
    },
  }
}

const EMPTY: TimelineState = {
  messages: [],
  pending: [],
  isAtStart: false,
  isAtEnd: false,
  loading: null,
  trouble: null,
}

/**
 * Whether there is nothing beyond a page. One that is shorter than was asked for may have been cut
 * because it is large, which shows in how large it is.
 */
function isLastPage(page: Messages, limit: number): boolean {
  if (page.length >= limit) return false
  if (page.length < FEW) return true
  return JSON.stringify(page).length < LIMITS.answerCharsMax / 2
}

/** So few messages are never cut. */
const FEW = 2
