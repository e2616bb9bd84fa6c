import { isDeepStrictEqual } from "node:util"
import { type MessageEdit, NO_DRAFT_EXTRAS } from "../protocol/commands"
import type { Actor, Message, MessageVersion, Room } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { MessageId } from "../protocol/ids"
import type { Script, Written } from "../store"
import { canCurate, canSendType } from "./access"
import { type Changing, type Found, mustBeMember, unchanged } from "./changing"
import type { Composing } from "./composing"
import { contentProblem, emptyProblem } from "./content"
import type { ChatDeps } from "./deps"
import type { LinkPreviews } from "./link-previews"
import { keepLinkPreviews } from "./links"
import { refuseSilenced } from "./silence"
import type { Tally } from "./tally"

interface MessageChangesDeps extends Pick<ChatDeps, "store" | "settings" | "now"> {
  readonly changing: Changing
  readonly composing: Composing
  readonly linkPreviews: LinkPreviews
}

/** What becomes of a message's text: it is edited, and deleted. */
export function createMessageChanges(deps: MessageChangesDeps) {
  const { store, settings, now, changing, composing, linkPreviews } = deps

  /**
   * Lets one's own message say something else, and keeps what it said. As strict as sending:
   * who may not speak may not edit. What was forwarded stays.
   * Errors: `message_not_found`, also for a deleted one, `invalid_request`, `forbidden`, `banned`,
   * `muted`, `rate_limited`.
   */
  async function editMessage(actor: Actor, id: MessageId, edit: MessageEdit): Promise<Message> {
    const message = await changing.change(actor, (tally) => edited(actor, id, { edit, tally }))
    linkPreviews.heed(message)
    return message
  }

  function* edited(
    actor: Actor,
    id: MessageId,
    { edit, tally }: { readonly edit: MessageEdit; readonly tally: Tally },
  ): Script<Written<Message>> {
    const found = yield* changing.findSeen(actor, id)
    const { room, message } = found
    const member = mustBeMember(found)
    if (message.author.numericId !== actor.user.numericId) {
      throw new ChatError("forbidden", { detail: "this message is somebody else's" })
    }
    const editedAt = now()
    refuseSilenced(room, member, editedAt)
    if (!canSendType(message.type, member, actor.user)) {
      throw new ChatError("forbidden", { detail: "system messages are for moderators" })
    }
    const { content = message.content, metadata = message.metadata } = edit
    refuseContent(message, content)
    // Compared as it would be read again: JSON knows no -0, say.
    const stored = JSON.parse(JSON.stringify(metadata))
    if (content === message.content && isDeepStrictEqual(stored, message.metadata)) {
      return unchanged(message)
    }
    // It names the message that it repeats, and would have its writer say something else.
    if (message.extras !== null && message.extras.forwardedFrom !== null) {
      throw new ChatError("forbidden", { detail: "what is forwarded stays as it was said" })
    }
    const recomposed = yield* composing.recompose(room, message, content)
    const extras = keepLinkPreviews(recomposed, content)
    const written = yield* changing.save(
      room,
      { ...message, content, metadata, extras, editedAt },
      tally,
    )
    yield* store.messageEdits.keep(message, written.result.changedSeq)
    return written
  }

  /** Errors: `invalid_request`. */
  function refuseContent({ type, extras }: Message, content: string): void {
    const attachmentIds = extras?.attachments.map((it) => it.id) ?? []
    const draft = { type, content, extras: { ...NO_DRAFT_EXTRAS, attachmentIds } }
    const problem = emptyProblem(draft) ?? contentProblem(draft, settings)
    if (problem !== null) {
      throw new ChatError("invalid_request", { problems: [{ path: "content", message: problem }] })
    }
  }

  /**
   * What a message said before its edits, newest first; of a deleted one, nothing is left.
   * Errors: `message_not_found`, `banned`.
   */
  async function readVersions(
    actor: Actor,
    id: MessageId,
    page: { readonly before: number; readonly limit: number },
  ): Promise<readonly MessageVersion[]> {
    return await store.read(
      (function* () {
        const { message } = yield* changing.findSeen(actor, id)
        return yield* store.messageEdits.list(message.numericId, page)
      })(),
    )
  }

  /**
   * Deletes one's own message, or anybody's for those who run the room. Its place stays, and with
   * it what it answers and its thread. One that is deleted is deleted again without a change.
   * Errors: `message_not_found`, `forbidden`, `banned`, `rate_limited`.
   */
  const deleteMessage = (actor: Actor, id: MessageId): Promise<Message> =>
    changing.change(actor, function* (tally) {
      const found = yield* changing.findToRun(actor, id)
      const { room, message } = found
      if (!mayDelete(actor, found)) throw new ChatError("forbidden")
      if (message.deletedAt !== null) return unchanged(message)
      tally.take(changing.changes)
      return yield* entomb(room, message)
    })

  /**
   * What is left of a message that there is: its place in the room, and nothing of what it said.
   * Asks nobody; for whoever deletes messages by their own right.
   */
  function* entomb(room: Room, message: Message): Script<Written<Message>> {
    const seq = yield* store.rooms.takeSeq(room.numericId)
    const tomb = yield* store.messages.save({
      ...message,
      changedSeq: seq,
      content: "",
      metadata: null,
      extras: null,
      pinnedAt: null,
      expiresAt: null,
      deletedAt: now(),
    })
    const elsewhere = yield* composing.unsettle(room, message)
    return {
      result: tomb,
      events: [{ type: "message.deleted", room, seq, message: tomb }, ...elsewhere],
    }
  }

  return { editMessage, readVersions, deleteMessage, entomb }
}

const mayDelete = ({ user }: Actor, { room, message, member }: Found): boolean =>
  canCurate(room, member, user) || (member !== null && message.author.numericId === user.numericId)

export type MessageChanges = ReturnType<typeof createMessageChanges>
