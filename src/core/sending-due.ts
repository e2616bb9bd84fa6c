import type { Actor, Message } from "../protocol/entities"
import { ChatError, ERRORS, type ErrorCode } from "../protocol/errors"
import type { Instant, ScheduledId } from "../protocol/ids"
import type { ScheduledMessage } from "../protocol/scheduled"
import type { Script, WaitingMessage, Written } from "../store"
import { contentProblem } from "./content"
import type { ChatDeps } from "./deps"
import { LOOK_EVERY_MS } from "./due-work"
import type { LinkPreviews } from "./link-previews"
import type { Messages } from "./messages"
import { createTally, type Tally } from "./tally"

/** So many are looked up at a time. */
const TAKEN_AT_ONCE = 50

interface SendingDueDeps extends Pick<ChatDeps, "store" | "settings" | "now"> {
  readonly messages: Pick<Messages, "sendWithCare">
  readonly linkPreviews: LinkPreviews
  /** A message was stored. */
  readonly onSent: () => void
  /** Something failed that should not; the message is kept as one that could not be sent. */
  readonly onTrouble: (error: unknown) => void
}

/** Sends what was scheduled, when it is due. */
export function createSendingDue(deps: SendingDueDeps) {
  const { store, settings, now, messages, linkPreviews, onSent, onTrouble } = deps
  /** Where this round goes on: those before could not be sent yet, and are tried in the next. */
  let after: WaitingMessage | null = null

  /**
   * Sends some of what is due, of each room in order; answers when there is more to do, if that is
   * soon. Errors: `overloaded`.
   */
  async function sendDue(): Promise<Instant | null> {
    const instant = now()
    const page = { until: instant + LOOK_EVERY_MS, after, limit: TAKEN_AT_ONCE }
    after = null
    const waiting = await store.read(store.scheduledMessages.listWaiting(page))
    const due = waiting.filter((it) => it.sendAt <= instant)
    await Promise.all([...Map.groupBy(due, (it) => it.room).values()].map(sendAll))
    if (due.length === TAKEN_AT_ONCE) {
      after = due.at(-1) ?? null
      return instant
    }
    return waiting[due.length]?.sendAt ?? null
  }

  async function sendAll(some: readonly WaitingMessage[]): Promise<void> {
    for (const one of some) await send(one)
  }

  async function send(waiting: WaitingMessage): Promise<void> {
    const tally = createTally(waiting.author)
    try {
      const message = await store.write(tally.counting(() => sendNow(waiting.id, tally)))
      if (message === null) return
      linkPreviews.heed(message)
      onSent()
    } catch (error) {
      tally.giveBack()
      const code = error instanceof ChatError ? error.code : "internal"
      if (!(error instanceof ChatError)) onTrouble(error)
      // Where nothing can be stored, not even this: the next look finds it as it was.
      if (code === "overloaded") throw error
      // What may pass by itself is tried again, but a fault of ours would never end.
      if (code === "internal" || !ERRORS[code].retryable) await fail(waiting, code)
    }
  }

  /**
   * In one commit the message is stored and no longer waits: neither a crash nor another node can
   * make it two. Null: none is new.
   */
  function* sendNow(id: ScheduledId, tally: Tally): Script<Written<Message | null>> {
    const scheduled = yield* store.scheduledMessages.find(id)
    // Another node has sent it, or its author has thought better of it.
    if (scheduled === null || !isDue(scheduled, now())) return { result: null, events: [] }
    const user = yield* store.users.findByNumber(scheduled.author)
    if (user === null || user.disabledAt !== null) throw new ChatError("unauthorized")
    if (contentProblem(scheduled.draft, settings) !== null) throw new ChatError("invalid_request")
    const actor: Actor = { user, via: { type: "schedule" } }
    const sent = yield* messages.sendWithCare(actor, scheduled.draft, {}, tally)
    yield* store.scheduledMessages.delete(id)
    const { message, duplicate } = sent.result
    return { result: duplicate ? null : message, events: sent.events }
  }

  const fail = (waiting: WaitingMessage, code: ErrorCode): Promise<void> =>
    store.write(function* () {
      yield* store.scheduledMessages.fail(waiting, code)
      return { result: undefined, events: [] }
    })

  return { sendDue }
}

const isDue = ({ sendAt, failedCode }: ScheduledMessage, instant: Instant): boolean =>
  failedCode === null && sendAt <= instant
