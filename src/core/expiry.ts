import type { MessageDraft } from "../protocol/commands"
import type { Message } from "../protocol/entities"
import type { BusMessage } from "../protocol/events"
import type { Instant, MessageNumericId, RoomNumericId } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import { CHANGE_CHARS } from "../protocol/message-size"
import { refuseOutOfReach } from "./ahead"
import type { ChatDeps } from "./deps"
import { LOOK_EVERY_MS } from "./due-work"
import type { MessageChanges } from "./message-changes"

/** Errors: `invalid_request`, where it would end before it is sent, or too long after. */
export function refuseWrongExpiry({ extras }: MessageDraft, sentAt: Instant): void {
  const expiresAt = extras?.expiresAt ?? null
  if (expiresAt !== null) refuseOutOfReach("expires_at", expiresAt, sentAt)
}

/** Of those that end first and of those that ended last, each. */
const TAKEN_AT_ONCE = 50

/** Those of threads are told with what the thread began with, which may have many reactions. */
const TOLD_AT_ONCE = LIMITS.toldAtOnceCharsMax / CHANGE_CHARS

interface ExpiryDeps extends Pick<ChatDeps, "store" | "now"> {
  readonly messageChanges: Pick<MessageChanges, "entomb">
}

/** Messages that end by themselves. */
export function createExpiry({ store, messageChanges, now }: ExpiryDeps) {
  /**
   * Deletes some of the messages that have expired; answers when there is more to do, if that is
   * soon. Where a great many have expired at once, those that did just now are among the first
   * all the same, and whoever listens can read after every few of them.
   */
  async function sweepExpired(): Promise<Instant | null> {
    const instant = now()
    const soonest = await store.read(
      store.expiring.listSoonest(instant + LOOK_EVERY_MS, TAKEN_AT_ONCE),
    )
    const isOver = (it: { readonly expiresAt: Instant | null }) => (it.expiresAt ?? 0) <= instant
    const hasMore = soonest.length === TAKEN_AT_ONCE && soonest.every(isOver)
    const latest = hasMore
      ? await store.read(store.expiring.listLatest(instant, TAKEN_AT_ONCE))
      : []
    const byRoom = Map.groupBy([...soonest.filter(isOver), ...latest], (it) => it.room)
    await Promise.all(
      [...byRoom].map(([room, some]) =>
        deleteAll(
          room,
          some.map((it) => it.id),
        ),
      ),
    )
    if (hasMore) return instant
    return soonest.find((it) => !isOver(it))?.expiresAt ?? null
  }

  async function deleteAll(room: RoomNumericId, all: readonly MessageNumericId[]): Promise<void> {
    const ids = [...new Set(all)]
    for (let start = 0; start < ids.length; start += TOLD_AT_ONCE) {
      await deleteSome(room, ids.slice(start, start + TOLD_AT_ONCE))
    }
  }

  /** Another node may have been faster, or somebody who deleted one: it is looked at again. */
  const deleteSome = (
    roomNumber: RoomNumericId,
    some: readonly MessageNumericId[],
  ): Promise<void> =>
    store.write(function* () {
      const room = yield* store.rooms.mustFind(roomNumber)
      const events: BusMessage[] = []
      for (const id of some) {
        const message = yield* store.messages.findByNumber(id)
        if (message !== null && hasExpired(message, now()))
          events.push(...(yield* messageChanges.entomb(room, message)).events)
      }
      // After its end a room tells nothing.
      return { result: undefined, events: room.deletedAt === null ? events : [] }
    }, CHANGE_CHARS * some.length)

  return { sweepExpired }
}

const hasExpired = ({ expiresAt, deletedAt }: Message, instant: Instant): boolean =>
  expiresAt !== null && expiresAt <= instant && deletedAt === null

export type Expiry = ReturnType<typeof createExpiry>
