import type { ApiMessage, ApiProfile } from "../../protocol/answers"

/** Messages of one room by their `seq`, each once. Never changed in place: they are shown as they are. */
export type Messages = readonly ApiMessage[]

/** Where a seq stands, or would stand. */
export function placeOf(messages: Messages, seq: number): number {
  let low = 0
  let high = messages.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((messages[middle]?.seq ?? 0) < seq) low = middle + 1
    else high = middle
  }
  return low
}

export function findMessage(messages: Messages, seq: number): ApiMessage | undefined {
  const found = messages[placeOf(messages, seq)]
  return found?.seq === seq ? found : undefined
}

/** With a later state of a message; the same list where it is not in it, or no older. */
export function replaced(messages: Messages, message: ApiMessage): Messages {
  const place = placeOf(messages, message.seq)
  const known = messages[place]
  if (known?.seq !== message.seq || known.changed_seq >= message.changed_seq) return messages
  return messages.with(place, message)
}

/** With the message in its place, in the later of its states. */
export function inserted(messages: Messages, message: ApiMessage): Messages {
  const last = messages.at(-1)
  if (last === undefined || last.seq < message.seq) return [...messages, message]
  const place = placeOf(messages, message.seq)
  return messages[place]?.seq === message.seq
    ? replaced(messages, message)
    : messages.toSpliced(place, 0, message)
}

/** Both lists as one. */
export function united(one: Messages, other: Messages): Messages {
  if (one.length === 0) return other
  if (other.length === 0) return one
  const bySeq = new Map(one.map((message) => [message.seq, message]))
  for (const message of other) {
    const known = bySeq.get(message.seq)
    if (known === undefined || known.changed_seq < message.changed_seq) {
      bySeq.set(message.seq, message)
    }
  }
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq)
}

/** As their author is called now; the same list where nothing of it shows. */
export function withProfile(messages: Messages, profile: ApiProfile): Messages {
  const isStale = ({ user_id, user }: ApiMessage) =>
    user_id === profile.id && !isSameProfile(user, profile)
  if (!messages.some(isStale)) return messages
  return messages.map((message) => (isStale(message) ? { ...message, user: profile } : message))
}

export const isSameProfile = (one: ApiProfile, other: ApiProfile): boolean =>
  one.username === other.username &&
  one.display_name === other.display_name &&
  one.avatar_url === other.avatar_url
