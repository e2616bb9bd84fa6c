import { isDeepStrictEqual } from "node:util"
import type { MessageDraft } from "../protocol/commands"
import type { Actor, Page } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import { asScheduledId, type Instant, type ScheduledId } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { ScheduledMessage } from "../protocol/scheduled"
import type { Script } from "../store"
import { refuseOutOfReach } from "./ahead"
import type { Composing } from "./composing"
import { contentProblem, emptyProblem } from "./content"
import type { ChatDeps } from "./deps"
import { refuseWrongExpiry } from "./expiry"
import type { RateLimit } from "./rate-limit"
import type { Rooms } from "./rooms"
import { refuseSending } from "./sending"

/** What is undefined stays as it is. */
export interface ScheduledChange {
  readonly content?: string | undefined
  readonly sendAt?: Instant | undefined
}

interface SchedulingDeps extends Pick<ChatDeps, "store" | "settings" | "now" | "newId"> {
  readonly rooms: Rooms
  readonly composing: Composing
  readonly sends: RateLimit
}

/** Messages that are to be sent later. Until then they are nobody's business but their author's. */
export function createScheduling(deps: SchedulingDeps) {
  const { store, settings, now, newId, rooms, composing, sends } = deps

  /**
   * Keeps a message until it is to be sent, if it might be sent now; it counts as a send. The same
   * `clientId` again gives the first one back.
   * Errors: `invalid_request`, `unauthorized`, `room_not_found`, `forbidden`, `banned`, `muted`, `conflict`, also
   * where too many wait; `rate_limited`, `overloaded`.
   */
  async function schedule(
    actor: Actor,
    draft: MessageDraft,
    sendAt: Instant,
  ): Promise<ScheduledMessage> {
    const { numericId } = actor.user
    sends.take(numericId)
    try {
      const { scheduled, isNew } = await store.write(function* () {
        return { result: yield* keep(actor, draft, sendAt), events: [] }
      })
      if (!isNew) sends.giveBack(numericId)
      return scheduled
    } catch (error) {
      sends.giveBack(numericId)
      throw error
    }
  }

  function* keep(actor: Actor, draft: MessageDraft, sendAt: Instant) {
    const author = actor.user.numericId
    const kept = yield* findByClientId(actor, draft)
    if (kept !== null) return { scheduled: retried(kept, draft, sendAt), isNew: false }
    const room = yield* examine(actor, draft, sendAt)
    if ((yield* store.scheduledMessages.count(author)) >= LIMITS.scheduledPerUserMax) {
      throw new ChatError("conflict", {
        detail: `${LIMITS.scheduledPerUserMax} messages wait already`,
      })
    }
    const id = asScheduledId(newId())
    const scheduled = { id, author, draft, sendAt, createdAt: now() }
    yield* store.scheduledMessages.insert({ ...scheduled, room: room.numericId })
    return { scheduled: { ...scheduled, failedCode: null }, isNew: true }
  }

  /** Few wait, so it needs no index. */
  function* findByClientId(
    { user }: Actor,
    { clientId, roomId }: MessageDraft,
  ): Script<ScheduledMessage | null> {
    if (clientId === null) return null
    const waiting = yield* store.scheduledMessages.list(user.numericId, ALL)
    const isIt = ({ draft }: ScheduledMessage) =>
      draft.clientId === clientId && draft.roomId === roomId
    return waiting.find(isIt) ?? null
  }

  /** As sending it now would be examined, but for what was sent before. */
  function* examine(actor: Actor, draft: MessageDraft, sendAt: Instant) {
    const problem = emptyProblem(draft) ?? contentProblem(draft, settings)
    if (problem !== null) {
      throw new ChatError("invalid_request", { problems: [{ path: "content", message: problem }] })
    }
    const at = now()
    refuseOutOfReach("send_at", sendAt, at)
    refuseWrongExpiry(draft, sendAt)
    yield* rooms.refuseEnded(actor.user)
    const { room, member } = yield* rooms.findVisible(actor, draft.roomId)
    refuseSending(actor.user, draft, { room, member, fromInside: false, at })
    yield* composing.compose(room, draft, actor.user)
    return room
  }

  /** One's own, soonest first. */
  const listScheduled = ({ user }: Actor, page: Page): Promise<readonly ScheduledMessage[]> =>
    store.read(store.scheduledMessages.list(user.numericId, page))

  /** Errors: `not_found`, also for those of others. */
  const getScheduled = (actor: Actor, id: ScheduledId): Promise<ScheduledMessage> =>
    store.read(findOwn(actor, id))

  function* findOwn({ user }: Actor, id: ScheduledId): Script<ScheduledMessage> {
    const scheduled = yield* store.scheduledMessages.find(id)
    if (scheduled === null || scheduled.author !== user.numericId) throw new ChatError("not_found")
    return scheduled
  }

  /**
   * Sends something else, or at another time. One that could not be sent waits again.
   * Errors: `not_found`, and those of scheduling.
   */
  const updateScheduled = (
    actor: Actor,
    id: ScheduledId,
    change: ScheduledChange,
  ): Promise<ScheduledMessage> =>
    store.write(function* () {
      const kept = yield* findOwn(actor, id)
      const { content = kept.draft.content, sendAt = kept.sendAt } = change
      const isSame = content === kept.draft.content && sendAt === kept.sendAt
      if (isSame) return { result: kept, events: [] }
      const result = { ...kept, draft: { ...kept.draft, content }, sendAt, failedCode: null }
      yield* examine(actor, result.draft, sendAt)
      yield* store.scheduledMessages.change(result)
      return { result, events: [] }
    })

  /** Errors: `not_found`, also for one that has been sent meanwhile. */
  const deleteScheduled = (actor: Actor, id: ScheduledId): Promise<void> =>
    store.write(function* () {
      yield* findOwn(actor, id)
      yield* store.scheduledMessages.delete(id)
      return { result: undefined, events: [] }
    })

  return { schedule, listScheduled, getScheduled, updateScheduled, deleteScheduled }
}

const ALL: Page = { offset: 0, limit: LIMITS.scheduledPerUserMax }

/** An answer that got lost is given again. */
function retried(kept: ScheduledMessage, draft: MessageDraft, sendAt: Instant): ScheduledMessage {
  const asStored: unknown = JSON.parse(JSON.stringify(draft))
  if (kept.sendAt === sendAt && isDeepStrictEqual(kept.draft, asStored)) return kept
  throw new ChatError("conflict", { detail: "this client_id was scheduled with other content" })
}
export type Scheduling = ReturnType<typeof createScheduling>
