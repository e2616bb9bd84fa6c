/**
 * What a list of messages shows, row by row: who wrote is said once for what they wrote at a
 * stretch, days are parted, and a line stands above what is new. Pure; rows that stay the same
 * stay the same object, so that nothing is drawn again for them.
 */
import type { PendingMessage } from "../../client/client"
import type { ApiMessage } from "../../protocol/answers"

/** After so long a pause it is said again who writes. */
const STRETCH_MS = 5 * 60_000
/** What was sent by oneself lately: so far back the same message may still be on its way, too. */
const CONFIRMED_LATELY = 200

interface RowFrame {
  /** The same from when it is written until it is gone, also while it becomes a message. */
  readonly key: string
  /** The beginning of a day stands above it. */
  readonly day: string | null
  /** The line "new" stands above it. */
  readonly isFirstNew: boolean
  /** Says who wrote it, and when. */
  readonly isHead: boolean
}

export interface MessageRow extends RowFrame {
  readonly type: "message"
  readonly message: ApiMessage
}

export interface PendingRow extends RowFrame {
  readonly type: "pending"
  readonly pending: PendingMessage
}

export type Row = MessageRow | PendingRow

export interface Grouping {
  readonly messages: readonly ApiMessage[]
  readonly pending: readonly PendingMessage[]
  /** Null: nobody, whose messages are all somebody else's. */
  readonly myId: string | null
  /** What came after this seq, of others, is new. Null: nothing is. */
  readonly newAfter: number | null
  readonly isAtStart: boolean
  /** Of a thread: its messages are shown here, and nowhere else. */
  readonly isThread: boolean
  /** The day of a time (ISO 8601), where the reader is: the same text for the same day. */
  readonly dayOf: (time: string) => string
}

/** Oldest first. `before` is what was shown until now. */
export function groupRows(grouping: Grouping, before: readonly Row[] = []): readonly Row[] {
  const kept = new Map(before.map((row) => [row.key, row]))
  const rows: Row[] = []
  let last: Said | null = null
  let isLineDrawn = false
  for (const message of grouping.messages) {
    if (message.thread_id !== null && !grouping.isThread) continue
    const said = saidOf(message, grouping)
    const isFirstNew: boolean = !isLineDrawn && isNew(message, grouping)
    isLineDrawn ||= isFirstNew
    const frame = frameOf(said, last, { ...grouping, isFirstNew })
    const row: MessageRow = {
      type: "message",
      key: keyOf(message, grouping.myId),
      message,
      ...frame,
    }
    rows.push(reuse(kept.get(row.key), row))
    last = said
  }
  for (const pending of waitingOf(grouping)) {
    const said = saidInPending(pending, grouping)
    const frame = frameOf(said, last, { ...grouping, isFirstNew: false })
    const row: PendingRow = { type: "pending", key: ownKey(pending.clientId), pending, ...frame }
    rows.push(reuse(kept.get(row.key), row))
    last = said
  }
  return rows
}

interface Said {
  readonly by: string
  readonly at: number
  readonly day: string
  /** Stands for itself: nothing is hung on to it, and it on nothing. */
  readonly isApart: boolean
  /** Answers or repeats something, so that it has to say who does. */
  readonly isOpening: boolean
}

/** What a thread hangs on stands for itself, above its answers. */
function saidOf(message: ApiMessage, { isThread, dayOf }: Grouping): Said {
  const said = saidIn(message, dayOf)
  return isThread && message.thread_id === null ? { ...said, isApart: true } : said
}

/** Reading a time is slow, and each message is asked for it in every frame. */
const saidByMessage = new WeakMap<ApiMessage, Said>()

function saidIn(message: ApiMessage, dayOf: Grouping["dayOf"]): Said {
  const known = saidByMessage.get(message)
  if (known !== undefined) return known
  const said: Said = {
    by: message.user_id,
    at: Date.parse(message.created_at),
    day: dayOf(message.created_at),
    isApart: message.type === "system",
    isOpening: message.reply_to !== null || message.forwarded_from !== undefined,
  }
  saidByMessage.set(message, said)
  return said
}

function saidInPending({ writtenAt, draft }: PendingMessage, { myId, dayOf }: Grouping): Said {
  return {
    by: myId ?? "",
    at: writtenAt,
    day: dayOf(new Date(writtenAt).toISOString()),
    isApart: draft.type === "system",
    isOpening: (draft.replyTo ?? null) !== null,
  }
}

/**
 * The first row that is loaded begins no day unless nothing is before it: older ones that come
 * would take that from it, and everything below would move.
 */
function frameOf(
  said: Said,
  last: Said | null,
  { isAtStart, isFirstNew }: { readonly isAtStart: boolean; readonly isFirstNew: boolean },
): Omit<RowFrame, "key"> {
  const beginsDay = last === null ? isAtStart : last.day !== said.day
  const goesOn =
    last !== null &&
    last.by === said.by &&
    !last.isApart &&
    !said.isApart &&
    !said.isOpening &&
    said.at - last.at < STRETCH_MS
  return {
    day: beginsDay ? said.day : null,
    isFirstNew,
    isHead: beginsDay || isFirstNew || !goesOn,
  }
}

const isNew = (message: ApiMessage, { newAfter, myId }: Grouping): boolean =>
  newAfter !== null && message.seq > newAfter && message.user_id !== myId

const ownKey = (clientId: string) => `own:${clientId}`

const keyOf = ({ id, user_id, client_id }: ApiMessage, myId: string | null): string =>
  client_id !== undefined && user_id === myId ? ownKey(client_id) : id

/** The event of a message may come before the answer to its sending: it is shown once. */
function waitingOf({ messages, pending, myId, isThread }: Grouping): readonly PendingMessage[] {
  const wanted = pending.filter(({ draft }) => isThread || (draft.threadId ?? null) === null)
  if (wanted.length === 0) return wanted
  const sent = new Set(
    messages
      .slice(-CONFIRMED_LATELY)
      .flatMap((it) => (it.user_id === myId && it.client_id !== undefined ? [it.client_id] : [])),
  )
  return wanted.filter(({ clientId }) => !sent.has(clientId))
}

function reuse<Shown extends Row>(before: Row | undefined, row: Shown): Row {
  return before !== undefined && isSameRow(before, row) ? before : row
}

/** Told by `changed_seq`: the same message may have been read again, as another object. */
export function isSameRow(a: Row, b: Row): boolean {
  if (a.day !== b.day || a.isFirstNew !== b.isFirstNew || a.isHead !== b.isHead) return false
  if (a.type === "message" && b.type === "message") {
    return a.message.id === b.message.id && a.message.changed_seq === b.message.changed_seq
  }
  return a.type === "pending" && b.type === "pending" && a.pending === b.pending
}
