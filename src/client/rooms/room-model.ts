import type {
  ApiChanges,
  ApiMember,
  ApiMessage,
  ApiReadMark,
  ApiRoom,
} from "../../protocol/answers"
import type { HistoryQuery } from "../api"
import type { PendingMessage, RoomView } from "../client"
import type { ParleyError } from "../error"
import { createLive } from "../live"
import { changesOf, createFeed, type RoomChange } from "./feed"
import type { Messages } from "./messages-in-order"
import {
  changed,
  type RoomState,
  startedAfresh,
  viewOf,
  withMembers,
  withRead,
  withTail,
} from "./room-state"
import { createRoomTimeline, createThread } from "./room-timelines"
import type { TimelineModel } from "./timeline"
import { createTypists } from "./typists"
import { readUpTo } from "./unread-count"

export interface RoomModelDeps {
  readonly me: () => string
  readonly readHistory: (roomId: string, query: HistoryQuery) => Promise<Messages>
  readonly readThread: (messageId: string, query: HistoryQuery) => Promise<Messages>
  readonly readMessage: (messageId: string) => Promise<ApiMessage>
  readonly pendingIn: (roomId: string, threadId: string | null) => readonly PendingMessage[]
  /** What is shown of the room has changed, as it was heard. */
  readonly onChange: (room: RoomModel) => void
  /** The same, because somebody here wants it so. */
  readonly onOwnChange: (room: RoomModel) => void
  /** A change was heard: each once, in order. */
  readonly onApplied: (change: RoomChange) => void
  /** Something between what is known and what was heard is missing. */
  readonly onGap: (room: RoomModel) => void
}

/** Of rooms that are far down the list. */
const SHORT_TAIL = 10

const NOBODY: ReadonlyMap<string, ApiMember> = new Map()
const NO_READS: readonly ApiReadMark[] = []

/** Everything that is known of one room, and what is shown of it. */
export function createRoomModel(id: string, deps: RoomModelDeps) {
  const view = createLive<RoomView | null>(null)
  const trouble = createLive<ParleyError | null>(null)
  const members = createLive(NOBODY)
  const reads = createLive(NO_READS)
  const typists = createTypists(() => deps.onChange(model))
  const threads = new Map<string, TimelineModel>()
  /** Who left while members were listed: the list may still have them. */
  const departed = new Map<string, number>()
  let lists = 0
  let state: RoomState | null = null
  let failure: ParleyError | null = null
  let isOpen = false
  const feed = createFeed({ apply, onGap: () => deps.onGap(model) })
  const timeline: TimelineModel = createRoomTimeline(id, {
    ...deps,
    known: () => state?.tail ?? [],
    onChange: () => deps.onChange(model),
    onNewest: (newest) => {
      if (newest.length > (state?.tail.length ?? 0)) change((it) => withTail(it, newest))
    },
  })

  function apply(heard: RoomChange): void {
    if (state === null) return
    const before = state
    state = changed(before, heard, deps.me())
    const { data } = heard
    if ("content" in data) {
      typists.stop(data.user_id)
      for (const part of all()) part.hear(data)
    } else if ("left_at" in data) {
      if (data.left_at !== null && lists > 0) departed.set(data.user_id, heard.seq)
      for (const part of all()) part.rename(data.user)
    }
    deps.onApplied(heard)
    deps.onChange(model)
  }

  /** Changes what is known, where the room is known at all. */
  function change(make: (known: RoomState) => RoomState): void {
    if (state === null) return
    const next = make(state)
    if (next === state) return
    state = next
    deps.onOwnChange(model)
  }

  /** The newest messages without a hole, as many as are loaded. */
  const newest = (known: RoomState): Messages => {
    const loaded = timeline.newest ?? []
    return loaded.length > known.tail.length ? loaded : known.tail
  }

  const all = () => [timeline, ...threads.values()]

  const model = {
    id,
    view,
    trouble,
    members,
    reads,
    typists,
    timeline,
    feed,
    change,
    get state() {
      return state
    },
    get isOpen() {
      return isOpen
    },
    set isOpen(value: boolean) {
      isOpen = value
    },
    get isListed() {
      return state?.isMember === true
    },
    /** What was found out of a room: everything up to `until` is in it. */
    begin(known: RoomState, until: number): void {
      state = known
      failure = null
      feed.begin(until)
      deps.onChange(model)
    },
    /** One may not read it, or it is no more. */
    fail(error: ParleyError): void {
      failure = error
      state = null
      feed.stop()
      typists.clear()
      deps.onChange(model)
    },
    /** Something did not work, and may later. */
    hinder(error: ParleyError | null): void {
      failure = error
      deps.onChange(model)
    },
    /** An answer to what has changed since `since`. True: there is more. */
    told(answer: ApiChanges, since: number): boolean {
      failure = null
      if (!answer.recovered) {
        startAfresh(answer)
        return false
      }
      // Told of what was asked for before the room began anew: it goes on from elsewhere.
      if (state === null || answer.epoch !== state.room.epoch) return false
      feed.told(changesOf(id, answer, since), answer.until)
      deps.onChange(model)
      for (const it of all()) if (it.isTroubled) it.reopen()
      return answer.more
    },
    /** All of a page of members. */
    list(page: readonly ApiMember[]): void {
      const here = page.filter((it) => (departed.get(it.user_id) ?? 0) < it.changed_seq)
      change((it) => withMembers(it, here, deps.me()))
    },
    async whileListing(task: () => Promise<void>): Promise<void> {
      lists++
      try {
        await task()
      } finally {
        lists--
        if (lists === 0) departed.clear()
      }
    },
    heardRead(mark: ApiReadMark): void {
      if (state === null) return
      const next = withRead(state, mark, deps.me())
      if (next === state) return
      state = next
      deps.onChange(model)
    },
    /** One has read up to there. */
    markRead(seq: number): void {
      change((it) => ({
        ...it,
        unread: readUpTo(it.unread, seq, { newest: newest(it), me: deps.me() }),
      }))
    },
    thread(messageId: string): TimelineModel {
      const known = threads.get(messageId)
      if (known !== undefined) return known
      const made = createThread(id, messageId, {
        ...deps,
        onChange: () => deps.onChange(model),
      })
      threads.set(messageId, made)
      return made
    },
    /** What is on its way is another. */
    touchPending(): void {
      for (const it of all()) it.touch()
    },
    /** Shows what has changed. */
    show(): void {
      for (const it of all()) it.show()
      view.set(state === null ? null : viewOf(state, typists.all))
      trouble.set(failure)
      members.set(state?.members ?? NOBODY)
      reads.set(state?.reads ?? NO_READS)
    },
    /** It has been quiet for long: what was said last is enough. */
    shorten(): void {
      if (isOpen || state === null || state.tail.length <= SHORT_TAIL) return
      state = { ...state, tail: state.tail.slice(-SHORT_TAIL) }
    },
    /** Nobody looks at it: what is kept is what a list shows. */
    close(): void {
      isOpen = false
      for (const it of all()) it.close()
      threads.clear()
      if (state !== null) state = { ...state, members: NOBODY, reads: null }
    },
  }

  function startAfresh({ room, messages, until }: ApiChanges): void {
    const known: ApiRoom | undefined = room ?? state?.room
    if (known === undefined || state === null) return
    state = startedAfresh(state, known, messages)
    feed.stop()
    feed.begin(until)
    deps.onChange(model)
    for (const it of all()) it.reopen()
  }

  return model
}

export type RoomModel = ReturnType<typeof createRoomModel>
