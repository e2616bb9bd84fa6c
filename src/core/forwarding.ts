import { type MessageDraft, NO_DRAFT_EXTRAS } from "../protocol/commands"
import { type Actor, type Message, NO_EXTRAS } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { MessageId, RoomId } from "../protocol/ids"
import type { SendReceipt } from "../protocol/replies"
import type { Script } from "../store"
import { isCurrent } from "./access"
import type { ChatDeps } from "./deps"
import { findReadableMessage } from "./find-message"
import type { Messages } from "./messages"
import type { Rooms } from "./rooms"

/** Which message is to be said again, and where. */
export interface ForwardWish {
  readonly messageId: MessageId
  readonly roomId: RoomId
  readonly clientId: string | null
}

interface ForwardingDeps extends ChatDeps {
  readonly rooms: Rooms
  readonly messages: Messages
}

export function createForwarding({ store, rooms, messages }: ForwardingDeps) {
  /**
   * Says in a room what was said in this or another one, as a message of the actor's own that
   * names the first of its kind. It is sent like any other, and counts as one. Again by the same
   * `clientId` it is the first one, even where its original has changed or is gone.
   * Errors: `message_not_found`, of deleted messages too; `invalid_request` for what a room says
   * of itself; all of `sendMessage`.
   */
  async function forward(actor: Actor, wish: ForwardWish): Promise<SendReceipt> {
    const found = await store.read(findToForward(actor, wish))
    if ("sentBefore" in found) return { type: "sent", message: found.sentBefore, duplicate: true }
    return await messages.sendMessage(actor, draftOf(found.original, wish))
  }

  function* findToForward(
    actor: Actor,
    wish: ForwardWish,
  ): Script<{ readonly original: Message } | { readonly sentBefore: Message }> {
    try {
      const original = yield* findReadableMessage({ store, rooms }, actor, wish.messageId)
      if (original.deletedAt !== null) throw new ChatError("message_not_found")
      if (original.type === "system") {
        throw new ChatError("invalid_request", { detail: "system messages are not forwarded" })
      }
      return { original }
    } catch (error) {
      const sentBefore = error instanceof ChatError ? yield* findForwarded(actor, wish) : null
      if (sentBefore === null) throw error
      return { sentBefore }
    }
  }

  /** An answer that got lost is given again, also where what was forwarded is no longer there. */
  function* findForwarded(actor: Actor, { roomId, clientId }: ForwardWish): Script<Message | null> {
    if (clientId === null) return null
    const { numericId: me } = actor.user
    const found = yield* store.rooms.findWithMember(roomId, me)
    if (found === null || !isCurrent(found.member)) return null
    const sent = yield* store.messages.findByClientId(found.room.numericId, me, clientId)
    return sent !== null && isForwarded(sent) ? sent : null
  }

  return { forward }
}

const isForwarded = ({ extras }: Message): boolean =>
  extras !== null && extras.forwardedFrom !== null

function draftOf(original: Message, { roomId, clientId }: ForwardWish): MessageDraft {
  const { id, content, type, metadata } = original
  const { forwardedFrom, attachments, hidesLinkPreviews } = original.extras ?? NO_EXTRAS
  const extras = {
    ...NO_DRAFT_EXTRAS,
    forwarded: { from: forwardedFrom ?? id, attachments },
    // Who wrote an address wanted nobody to look at it: it may be good for one look only.
    ...(hidesLinkPreviews === true ? { hidesLinkPreviews } : {}),
  }
  return { roomId, content, type, clientId, metadata, extras }
}

export type Forwarding = ReturnType<typeof createForwarding>
