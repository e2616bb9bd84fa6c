import { isDeepStrictEqual } from "node:util"
import { type HistoryRange, type MessageDraft, NO_DRAFT_EXTRAS } from "../protocol/commands"
import type { Actor, Message, Metadata } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { BusMessage, RoomEvent } from "../protocol/events"
import type { MessageId, RoomId, Seq } from "../protocol/ids"
import type { SendReceipt } from "../protocol/replies"
import type { Script, SendingRoom, Written } from "../store"
import { canSendType, isAnybody, isCurrent, isMuted } from "./access"
import type { Composing } from "./composing"
import { contentProblem } from "./content"
import type { ChatDeps } from "./deps"
import { refuseWrongExpiry } from "./expiry"
import { findReadableMessage } from "./find-message"
import type { LinkPreviews } from "./link-previews"
import type { Members } from "./members"
import { mayCall } from "./mentions"
import type { Naming } from "./naming"
import type { RateLimit } from "./rate-limit"
import type { Rooms } from "./rooms"
import { refuseSending } from "./sending"
import { createTally, type Tally } from "./tally"
import type { Typing } from "./typing"

/** How a message comes. */
interface SendingManner {
  /** From a connection that is in the room: the sender is a member, and is made none. */
  readonly fromInside?: boolean
}

const FROM_ANYWHERE: SendingManner = {}

interface MessagesDeps extends ChatDeps {
  readonly rooms: Rooms
  readonly members: Members
  readonly naming: Naming
  readonly composing: Composing
  readonly linkPreviews: LinkPreviews
  readonly typing: Typing
  readonly sends: RateLimit
  readonly joins: RateLimit
}

export function createMessages(deps: MessagesDeps) {
  const { store, rooms, members, naming, composing, typing, sends, joins, settings, now } = deps
  const { linkPreviews } = deps

  /**
   * Stores a message and gives it the next `seq` of its room; resolves when it is durable.
   * Sending the same `clientId` again returns the first message. Sending to a public room makes
   * a member; where anybody may name rooms, sending to a free name makes the room. From inside,
   * sending makes nothing, and is `forbidden` for who has been shown out since it was asked for.
   * Errors: `invalid_request`, `unauthorized`, `room_not_found`, `forbidden`, `banned`,
   * `muted`, `conflict`, `rate_limited`, `overloaded`.
   */
  async function sendMessage(
    actor: Actor,
    draft: MessageDraft,
    manner: SendingManner = FROM_ANYWHERE,
  ): Promise<SendReceipt> {
    const problem = contentProblem(draft, settings)
    if (problem !== null) {
      throw new ChatError("invalid_request", { problems: [{ path: "content", message: problem }] })
    }
    const { user } = actor
    sends.take(user.numericId)
    typing.stop(draft.roomId, user)
    const createdAt = now()
    const tally = createTally(user.numericId)
    // Asked once: a batch of Postgres may be decided again.
    const isPlain = draft.extras === undefined && !mayCall(draft.content)
    try {
      const receipt = await store.append({
        draft,
        author: user,
        createdAt,
        permits: (room, member) =>
          room.deletedAt === null &&
          !room.isBlocked &&
          isCurrent(member) &&
          isPlain &&
          !isMuted(member, createdAt) &&
          canSendType(draft.type, member, user),
        announce,
        otherwise: tally.counting(() => sendWithCare(actor, draft, manner, tally)),
      })
      // Only what was stored counts: retrying is safe, and refusals give their place back.
      if (receipt.duplicate) sends.giveBack(user.numericId)
      else linkPreviews.heed(receipt.message)
      return receipt
    } catch (error) {
      sends.giveBack(user.numericId)
      tally.giveBack()
      throw error
    }
  }

  /**
   * Every case but the plain one: who is not yet a member, has sent this before, or may not.
   * Does not look at the content, and counts as no send.
   */
  function* sendWithCare(
    actor: Actor,
    draft: MessageDraft,
    { fromInside = false }: SendingManner,
    tally: Tally,
  ): Script<Written<SendReceipt>> {
    const { room, member } = isAnybody(actor)
      ? yield* naming.findOrMake(actor, draft.roomId, tally)
      : yield* rooms.findVisible(actor, draft.roomId)
    const sentBefore =
      draft.clientId === null
        ? null
        : yield* store.messages.findByClientId(room.numericId, actor.user.numericId, draft.clientId)
    // Retrying must be safe: an answer that got lost is given again, whatever has changed since.
    if (sentBefore !== null) {
      return { result: yield* receiptOfRetry(sentBefore, draft), events: [] }
    }
    const createdAt = now()
    // Asked before joining, which would count as one: leaving has ended no mute.
    refuseSending(actor.user, draft, { room, member, fromInside, at: createdAt })
    refuseWrongExpiry(draft, createdAt)
    const events: BusMessage[] = []
    if (!isCurrent(member)) {
      tally.take(joins)
      const joined = yield* members.admit(room, actor.user, "member")
      events.push(...joined.events)
    }
    const extras = yield* composing.compose(room, draft, actor.user)
    const seq = yield* store.rooms.takeSeq(room.numericId)
    const message = yield* store.messages.insert({
      room: room.numericId,
      seq,
      author: actor.user,
      draft,
      extras,
      createdAt,
    })
    events.push(announce(room, message), ...(yield* composing.settle(room, message)))
    return { result: receipt(message, false), events }
  }

  /** Edits since do not matter; of a deleted message what is left is compared. */
  function* receiptOfRetry(message: Message, draft: MessageDraft): Script<SendReceipt> {
    const isSame =
      isSamePlace(message, draft) &&
      (message.deletedAt !== null || (yield* saysTheSame(message, draft)))
    if (!isSame) {
      throw new ChatError("conflict", { detail: "this client_id was sent with other content" })
    }
    return receipt(message, true)
  }

  function* saysTheSame(message: Message, draft: MessageDraft): Script<boolean> {
    const forwarded = draft.extras?.forwarded
    // What is forwarded may have changed since: it is the same for being the same message.
    if (forwarded !== undefined) return message.extras?.forwardedFrom === forwarded.from
    if (!showsTheSame(message, draft)) return false
    const isEdited = message.editedAt !== null
    const first =
      (isEdited ? yield* store.messageEdits.findFirst(message.numericId) : null) ?? message
    return (
      first.content === draft.content && isDeepStrictEqual(first.metadata, asStored(draft.metadata))
    )
  }

  /**
   * A part of the room's history, oldest first; none of a room that is yet to be, for those who
   * may name rooms. Errors: `room_not_found`, `banned`; to these `forbidden` for a hidden room.
   */
  async function readHistory(
    actor: Actor,
    id: RoomId,
    range: HistoryRange,
  ): Promise<readonly Message[]> {
    return await store.read(
      (function* () {
        const mayName = isAnybody(actor)
        if (mayName && (yield* naming.isFree(id))) return []
        const found = rooms.findReadable(actor, id)
        const { room } = mayName ? yield* naming.honestly(found) : yield* found
        return yield* store.messages.history(room.numericId, range)
      })(),
    )
  }

  /**
   * The newest messages, oldest first, and the seq up to which they tell everything.
   * Errors: `room_not_found`, `banned`.
   */
  async function readNewest(
    actor: Actor,
    id: RoomId,
    limit: number,
  ): Promise<{ readonly messages: readonly Message[]; readonly head: Seq }> {
    return await store.read(
      (function* () {
        const { room } = yield* rooms.findVisible(actor, id)
        const messages = yield* store.messages.history(room.numericId, { limit })
        return { messages, head: room.head }
      })(),
    )
  }

  /** Errors: `message_not_found`, also for messages of rooms that one may not see; `banned`. */
  async function getMessage(actor: Actor, id: MessageId): Promise<Message> {
    return await store.read(findReadableMessage({ store, rooms }, actor, id))
  }

  return { sendMessage, sendWithCare, readHistory, readNewest, getMessage }
}

const announce = (room: SendingRoom, message: Message): RoomEvent => ({
  type: "message.created",
  room,
  seq: message.seq,
  message,
})

const receipt = (message: Message, duplicate: boolean): SendReceipt => ({
  type: "sent",
  message,
  duplicate,
})

/** What not even a deletion changes. */
const isSamePlace = (
  { type, replyTo, threadId }: Message,
  { extras = NO_DRAFT_EXTRAS, ...draft }: MessageDraft,
): boolean => type === draft.type && replyTo === extras.replyTo && threadId === extras.threadId

/** Files, which no edit changes. */
function showsTheSame(
  { extras: shown }: Message,
  { extras: { attachmentIds } = NO_DRAFT_EXTRAS }: MessageDraft,
): boolean {
  const files = new Set((shown?.attachments ?? []).map(({ id }) => id))
  return (shown?.forwardedFrom ?? null) === null && isDeepStrictEqual(files, new Set(attachmentIds))
}

/** As it comes back from the database, where -0, say, is 0. */
const asStored = (metadata: Metadata | null): unknown => JSON.parse(JSON.stringify(metadata))

export type Messages = ReturnType<typeof createMessages>
