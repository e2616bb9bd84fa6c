import { type Actor, type Message, NO_EXTRAS, type Reaction } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { MessageId } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { Script } from "../store"
import { type Changing, type Found, mustBeMember, unchanged } from "./changing"
import type { ChatDeps } from "./deps"
import { refuseSilenced } from "./silence"

interface ReactionsDeps extends Pick<ChatDeps, "store" | "now"> {
  readonly changing: Changing
}

/**
 * Who reacts says something, so it is for members, and not for the muted. The message holds the
 * sum; it is brought up to date, and not counted anew, however many have reacted.
 */
export function createReactions({ store, now, changing }: ReactionsDeps) {
  function* findToReact(actor: Actor, id: MessageId): Script<Found> {
    const found = yield* changing.findSeen(actor, id)
    refuseSilenced(found.room, mustBeMember(found), now())
    return found
  }

  /**
   * Errors: `message_not_found`, also for a deleted one, `forbidden`, `banned`, `muted`,
   * `conflict` where the message has as many emoji as it may, `rate_limited`.
   */
  const addReaction = (actor: Actor, id: MessageId, emoji: string): Promise<Message> =>
    changing.change(actor, function* (tally) {
      const { room, message } = yield* findToReact(actor, id)
      const reaction = { message: message.numericId, emoji, user: actor.user.numericId }
      if (yield* store.reactions.has(reaction)) return unchanged(message)
      const before = reactionsOf(message)
      const reactions = withReaction(before, emoji, actor)
      const max = LIMITS.reactionsPerMessageMax
      if (reactions.length > max && reactions.length > before.length) {
        throw new ChatError("conflict", { detail: `this message has ${max} emoji already` })
      }
      yield* store.reactions.add(reaction, now())
      return yield* changing.save(room, withReactions(message, reactions), tally)
    })

  /** Errors: as of `addReaction`, but for `conflict`. */
  const removeReaction = (actor: Actor, id: MessageId, emoji: string): Promise<Message> =>
    changing.change(actor, function* (tally) {
      const { room, message } = yield* findToReact(actor, id)
      const reaction = { message: message.numericId, emoji, user: actor.user.numericId }
      if (!(yield* store.reactions.remove(reaction))) return unchanged(message)
      const reactions: Reaction[] = []
      for (const it of reactionsOf(message)) {
        if (it.emoji !== emoji) reactions.push(it)
        else if (it.count > 1) reactions.push(yield* withoutReactor(message, it, actor))
      }
      return yield* changing.save(room, withReactions(message, reactions), tally)
    })

  /** Where one of those named goes, the next one is named. */
  function* withoutReactor(message: Message, it: Reaction, { user }: Actor): Script<Reaction> {
    const count = it.count - 1
    const users = it.users.filter((id) => id !== user.id)
    if (users.length === it.users.length || count === users.length) return { ...it, count, users }
    const max = LIMITS.reactorsListedMax
    const first = yield* store.reactions.firstReactors(message.numericId, it.emoji, max)
    const next = first.filter((id) => !users.includes(id)).slice(0, max - users.length)
    return { ...it, count, users: [...users, ...next] }
  }

  return { addReaction, removeReaction }
}

const reactionsOf = ({ extras }: Message): readonly Reaction[] => extras?.reactions ?? []

const withReactions = (message: Message, reactions: readonly Reaction[]): Message => ({
  ...message,
  extras: { ...(message.extras ?? NO_EXTRAS), reactions },
})

/** In the order of first use. */
function withReaction(
  reactions: readonly Reaction[],
  emoji: string,
  { user }: Actor,
): readonly Reaction[] {
  const known = reactions.find((it) => it.emoji === emoji)
  if (known === undefined) return [...reactions, { emoji, count: 1, users: [user.id] }]
  const isNamed = known.users.length < LIMITS.reactorsListedMax
  const users = isNamed ? [...known.users, user.id] : known.users
  const more = { emoji, count: known.count + 1, users }
  return reactions.map((it) => (it === known ? more : it))
}

export type Reactions = ReturnType<typeof createReactions>
