import type { ApiMessage } from "../../protocol/answers"
import type { Draft, PendingMessage } from "../client"
import type { Connection } from "../connection/connection"
import { createDeferred } from "../deferred"
import { ParleyError } from "../error"
import { quietly } from "../quietly"
import type { Storage, StoredSend } from "../storage/storage"
import { createTimer } from "../timer"
import { ownOf } from "./own-of"

interface OutboxDeps {
  readonly connection: Pick<Connection, "ask" | "state">
  readonly storage: Storage
  /** Who writes; empty: nobody. */
  readonly me: () => string
  readonly now: () => number
  /** What is pending in the room is no longer as it was. */
  readonly onChange: (roomId: string) => void
  /** The server has it, as this change of the room. False: the room will not tell of it. */
  readonly onStored: (roomId: string, seq: number) => boolean
}

interface Entry {
  send: StoredSend
  /** Nobody else sends it: no other page has it in hands. */
  isOurs: boolean
  /** The server has it; what is left is to hear of it. */
  isStored: boolean
  /** How often the server has broken over it. */
  breaks: number
  kept: Promise<void>
  /** It need not be kept any more: another page may look. */
  letGo: () => void
}

const RETRY_MS_MIN = 1_000
const RETRY_MS_MAX = 30_000

/**
 * So often the server may break over one message, in half a minute: then it may well be for this
 * message, and those behind it get their turn.
 */
const BREAKS_MAX = 6

/**
 * Messages on their way. Each is kept in storage until the server has it; those of a room are sent
 * one after the other. Sending one twice does no harm: the server knows it by its `client_id`. So a
 * new one is sent at once, while it is being put there: a page that ends before either is done
 * loses it in any case, and waiting for storage would only make that more likely.
 */
export function createOutbox({ connection, storage, me, now, onChange, onStored }: OutboxDeps) {
  /** In the order in which they were written. */
  const entries = new Map<string, Entry>()
  const shown = new Map<string, readonly PendingMessage[]>()
  const busy = new Set<string>()
  const retrying = createTimer(wake)
  let retryMs = RETRY_MS_MIN
  /** Why nothing is sent for a while, or was not. */
  let delay: ParleyError | null = null
  let isClosed = false
  let lastWrittenAt = 0

  /** Each later than the one before it, also where clocks are coarse or set back: it is the order. */
  function nextTime(): number {
    lastWrittenAt = Math.max(now(), lastWrittenAt + 1)
    return lastWrittenAt
  }

  function changed(roomId: string): void {
    for (const key of shown.keys()) if (key.startsWith(`${roomId} `)) shown.delete(key)
    onChange(roomId)
  }

  /**
   * Holds a message for as long as it is on its way, so that no other page sends it as well. One
   * that was found is ours from then on, if no other page has sent it meanwhile.
   */
  function hold(clientId: string): Entry["letGo"] {
    const { promise, resolve } = createDeferred<void>()
    const task = async () => {
      const entry = entries.get(clientId)
      if (entry === undefined || isClosed) return
      if (!entry.isOurs) {
        const kept = await storage.readSends()
        if (!kept.some((it) => it.clientId === clientId)) {
          settle(clientId, entry)
          return
        }
        entry.isOurs = true
        wake()
      }
      await promise
    }
    void quietly(storage.alone(`send ${clientId}`, task))
    return resolve
  }

  function take(send: StoredSend, isOurs: boolean): Entry {
    const entry: Entry = {
      send,
      isOurs,
      isStored: false,
      breaks: 0,
      kept: Promise.resolve(),
      letGo: () => undefined,
    }
    entries.set(send.clientId, entry)
    lastWrittenAt = Math.max(lastWrittenAt, send.writtenAt)
    return entry
  }

  function settle(clientId: string, entry: Entry): void {
    if (!entries.delete(clientId)) return
    entry.letGo()
    void after(entry.kept, () => storage.removeSend(clientId))
    changed(entry.send.roomId)
  }

  function wake(): void {
    if (isClosed || retrying.isSet || connection.state.value.status !== "live") return
    for (const { send } of entries.values()) void sendAll(send.roomId)
  }

  const nextIn = (roomId: string) =>
    [...entries.values()].find(
      ({ send, isOurs, isStored }) =>
        send.roomId === roomId && isOurs && !isStored && send.failure === null,
    )

  async function sendAll(roomId: string): Promise<void> {
    if (busy.has(roomId)) return
    busy.add(roomId)
    try {
      for (let entry = nextIn(roomId); entry !== undefined; entry = nextIn(roomId)) {
        if (!(await attempt(entry))) return
      }
    } finally {
      busy.delete(roomId)
    }
  }

  /** False: nothing is to be sent for a while. */
  async function attempt(entry: Entry): Promise<boolean> {
    if (retrying.isSet || isClosed) return false
    try {
      const receipt = await connection.ask("message.send", asAsked(entry.send))
      retryMs = RETRY_MS_MIN
      entry.isStored = true
      void after(entry.kept, () => storage.removeSend(entry.send.clientId))
      const isTold = "seq" in receipt && onStored(entry.send.roomId, receipt.seq)
      if (!isTold) settle(entry.send.clientId, entry)
      return true
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
      return fail(entry, error)
    }
  }

  function fail(entry: Entry, error: ParleyError): boolean {
    // Without a connection, or on one that has lost its rights, the next one tries again.
    if (error.code === "offline" || error.code === "unauthorized") return false
    if (error.code === "internal") entry.breaks++
    const isOver = !error.isRetryable || entry.breaks >= BREAKS_MAX
    if (isOver) store(entry, { ...entry.send, failure: error })
    else pause(error)
    return isOver
  }

  function pause(error: ParleyError): void {
    if (retrying.isSet || isClosed) return
    retrying.start(error.retryAfterMs ?? retryMs)
    retryMs = Math.min(retryMs * 2, RETRY_MS_MAX)
    delay = error
    for (const { send } of entries.values()) changed(send.roomId)
  }

  function store(entry: Entry, send: StoredSend): void {
    entry.send = send
    entry.kept = after(entry.kept, () => storage.writeSend(send))
    changed(send.roomId)
  }

  /** Knows of nothing any more; storage does. */
  async function forget(): Promise<void> {
    retrying.stop()
    lastWrittenAt = 0
    const all = [...entries.values()]
    entries.clear()
    shown.clear()
    await Promise.all(all.map(({ kept }) => kept))
    for (const { letGo } of all) letGo()
  }

  const unsubscribe = connection.state.subscribe(wake)

  return {
    /** Goes on with what was not sent before. */
    async restore(): Promise<void> {
      const userId = me()
      const stored = await ownOf(await storage.readSends(), userId, (send) =>
        storage.removeSend(send.clientId),
      )
      for (const send of stored.sort((a, b) => a.writtenAt - b.writtenAt)) {
        if (entries.has(send.clientId) || isClosed) continue
        const entry = take(send, false)
        entry.letGo = hold(send.clientId)
        changed(send.roomId)
      }
    },
    add(roomId: string, draft: Draft): string {
      const clientId = crypto.randomUUID()
      const send: StoredSend = {
        userId: me(),
        roomId,
        clientId,
        draft,
        writtenAt: nextTime(),
        failure: null,
      }
      const entry = take(send, true)
      // Nobody else knows of it: its lock is asked for before another page can find it.
      entry.letGo = hold(clientId)
      entry.kept = quietly(storage.writeSend(send))
      changed(roomId)
      wake()
      return clientId
    },
    retry(clientId: string): void {
      const entry = entries.get(clientId)
      if (entry === undefined || entry.send.failure === null) return
      store(entry, { ...entry.send, failure: null })
      wake()
    },
    discard(clientId: string): void {
      const entry = entries.get(clientId)
      if (entry !== undefined) settle(clientId, entry)
    },
    /** One of the messages that I wrote was heard. */
    heard({ client_id, room_id }: ApiMessage): void {
      const entry = entries.get(client_id ?? "")
      if (entry?.send.roomId === room_id) settle(entry.send.clientId, entry)
    },
    /** Of a thread, or of none. The same list until something changes. */
    pendingIn(roomId: string, threadId: string | null): readonly PendingMessage[] {
      const key = `${roomId} ${threadId ?? ""}`
      const known = shown.get(key)
      if (known !== undefined) return known
      const pending = [...entries.values()]
        .filter(({ send }) => send.roomId === roomId && (send.draft.threadId ?? null) === threadId)
        .map(({ send }) => ({ ...send, delay: retrying.isSet ? delay : null }))
      shown.set(key, pending)
      return pending
    },
    forget,
    /** Resolves when everything that is to be kept is. */
    async close(): Promise<void> {
      isClosed = true
      unsubscribe()
      await forget()
    },
  }
}

export type Outbox = ReturnType<typeof createOutbox>

async function after(before: Promise<void>, task: () => Promise<void>): Promise<void> {
  await before
  await quietly(task())
}

function asAsked({ roomId, clientId, draft }: StoredSend) {
  const { content, type = "text", replyTo, threadId, attachments = [], metadata } = draft
  return {
    room_id: roomId,
    client_id: clientId,
    content,
    type,
    ...(replyTo ? { reply_to: replyTo } : {}),
    ...(threadId ? { thread_id: threadId } : {}),
    ...(attachments.length > 0 ? { attachment_ids: attachments.map(({ id }) => id) } : {}),
    ...(metadata ? { metadata } : {}),
  }
}
