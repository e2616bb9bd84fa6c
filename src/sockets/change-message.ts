import type { Chat } from "../core/chat"
import { assertNever } from "../protocol/assert-never"
import type { Command } from "../protocol/commands"
import type { Actor, Message } from "../protocol/entities"

export type MessageChange = Exclude<
  Extract<Command, { readonly messageId: unknown }>,
  { readonly type: "message.forward" }
>

/** Carries out what changes one message after it was sent. */
export function changeMessage(
  { messageChanges, reactions, pins }: Chat,
  actor: Actor,
  command: MessageChange,
): Promise<Message> {
  const { messageId } = command
  switch (command.type) {
    case "message.edit":
      return messageChanges.editMessage(actor, messageId, command.edit)
    case "message.delete":
      return messageChanges.deleteMessage(actor, messageId)
    case "reaction.add":
      return reactions.addReaction(actor, messageId, command.emoji)
    case "reaction.remove":
      return reactions.removeReaction(actor, messageId, command.emoji)
    case "message.pin":
      return pins.pinMessage(actor, messageId)
    case "message.unpin":
      return pins.unpinMessage(actor, messageId)
    default:
      return assertNever(command)
  }
}
