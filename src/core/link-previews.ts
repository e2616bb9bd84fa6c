import { isDeepStrictEqual } from "node:util"
import { type LinkPreview, type Message, NO_EXTRAS } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { MessageId } from "../protocol/ids"
import type { Script, Written } from "../store"
import type { ChatDeps } from "./deps"
import { linksToShow, previewsOf } from "./links"
import type { RateLimit } from "./rate-limit"

interface LinkPreviewsDeps extends Pick<ChatDeps, "store" | "fetchPreview"> {
  /** Addresses that are looked at for one user. */
  readonly looks: RateLimit
  readonly inBackground: (task: Promise<unknown>, name: string) => void
}

/**
 * Previews of what messages link to. They are a nicety: fetched after the message was stored and
 * told, and given to it as a change of its own. What a node was fetching when it ended is lost.
 */
export function createLinkPreviews({ store, fetchPreview, looks, inBackground }: LinkPreviewsDeps) {
  const underWay = new Set<Promise<void>>()

  /**
   * A message was stored, or its text changed, on this node: of all nodes, none else is to look.
   * On the path of every message, so all but those with an address leave at once.
   */
  function heed(message: Message): void {
    if (fetchPreview === null) return
    const links = linksToShow(message)
    const shown = message.extras?.linkPreviews ?? []
    const wanted = links.filter((link) => !shown.some(({ url }) => url === link))
    if (wanted.length === 0) return
    const looking = look(
      message,
      wanted.filter(() => mayLook(message)),
    )
    underWay.add(looking)
    inBackground(
      looking.finally(() => underWay.delete(looking)),
      "link previews",
    )
  }

  /** The message stands either way; only its sender's previews are too many. */
  function mayLook({ author }: Message): boolean {
    try {
      looks.take(author.numericId)
      return true
    } catch (error) {
      if (error instanceof ChatError && error.code === "rate_limited") return false
      throw error
    }
  }

  async function look({ id }: Message, links: readonly string[]): Promise<void> {
    if (fetchPreview === null) return
    const fetched = await Promise.all(links.map(fetchPreview))
    const found = fetched.filter((it) => it !== null)
    if (found.length > 0) await store.write(() => show(id, found))
  }

  /** The text may be another one by now, so it is read again where the change is made. */
  function* show(id: MessageId, found: readonly LinkPreview[]): Script<Written<void>> {
    const message = yield* store.messages.find(id)
    if (message === null || message.deletedAt !== null) return NOTHING
    const room = yield* store.rooms.find(message.roomId)
    if (room === null || room.deletedAt !== null) return NOTHING
    const extras = message.extras ?? NO_EXTRAS
    const linkPreviews = previewsOf(linksToShow(message), [...extras.linkPreviews, ...found])
    if (isDeepStrictEqual(linkPreviews, extras.linkPreviews)) return NOTHING
    const seq = yield* store.rooms.takeSeq(room.numericId)
    const changed = { ...message, extras: { ...extras, linkPreviews }, changedSeq: seq }
    const saved = yield* store.messages.save(changed)
    return {
      result: undefined,
      events: [{ type: "message.updated", room, seq, message: saved }],
    }
  }

  return {
    heed,
    /** Waits for what is being looked at; what fetches should be ended before. */
    async settled(): Promise<void> {
      await Promise.allSettled(underWay)
    },
  }
}

const NOTHING = { result: undefined, events: [] } as const

export type LinkPreviews = ReturnType<typeof createLinkPreviews>
