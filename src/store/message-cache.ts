import type { Message, Profile } from "../protocol/entities"
import type { MessageNumericId, Seq } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import { extrasChars } from "../protocol/message-size"

/** A message's place, read from the database each time: it proves a remembered one current. */
export interface MessageVersion {
  readonly numericId: MessageNumericId
  readonly changedSeq: Seq
}

/** About 40 MB of text at the most; what was read longest ago goes first. */
const CHARS_MAX = 20_000_000

/** What a message weighs besides its content. */
const MESSAGE_CHARS = 500

/** What metadata weighs at the most, as objects and as the JSON that pages remember. */
const METADATA_CHARS = 10 * LIMITS.metadataBytesMax

/**
 * Messages read lately, so that a page that everybody reads (after a restart all clients read
 * the newest) costs two numbers a message and not twenty columns. Never trusted by itself: a
 * message is used only where the database still has it at the same `changedSeq`, so edits and
 * deletions by whichever process are seen at once. Its author is remembered with it, and
 * `forgetAuthor` is told when a profile changes.
 */
export function createMessageCache() {
  const byNumericId = new Map<MessageNumericId, Message>()
  let chars = 0
  let forgettings = 0

  const weight = ({ content, metadata, extras }: Message) =>
    MESSAGE_CHARS +
    content.length +
    (metadata === null ? 0 : METADATA_CHARS) +
    2 * extrasChars(extras)

  function forget(message: Message): void {
    if (byNumericId.delete(message.numericId)) chars -= weight(message)
  }

  return {
    /** All of them, or null where even one is unknown or has changed. */
    findAll(versions: readonly MessageVersion[]): Message[] | null {
      const found: Message[] = []
      for (const { numericId, changedSeq } of versions) {
        const message = byNumericId.get(numericId)
        if (message === undefined || message.changedSeq !== changedSeq) return null
        found.push(message)
      }
      return found
    },
    /** What they wrote is shown with their profile, which has changed. */
    forgetAuthor({ numericId }: Pick<Profile, "numericId">): void {
      forgettings++
      for (const message of byNumericId.values()) {
        if (message.author.numericId === numericId) forget(message)
      }
    },
    forgetAll(): void {
      forgettings++
      byNumericId.clear()
      chars = 0
    },
    /** How often something was forgotten: asked before messages are read. */
    get forgettings(): number {
      return forgettings
    },
    /** Not where something was forgotten since they began to be read: they may be older. */
    remember(messages: readonly Message[], forgettingsBefore: number): void {
      if (forgettings !== forgettingsBefore) return
      for (const message of messages) {
        const known = byNumericId.get(message.numericId)
        if (known !== undefined) forget(known)
        byNumericId.set(message.numericId, message)
        chars += weight(message)
      }
      for (const oldest of byNumericId.values()) {
        if (chars <= CHARS_MAX) break
        forget(oldest)
      }
    },
  }
}

export type MessageCache = ReturnType<typeof createMessageCache>
