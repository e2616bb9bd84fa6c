import type { ApiMessage } from "../../protocol/answers"

type Pinnable = Pick<ApiMessage, "id" | "pinned" | "deleted_at">

/** The list of pins once a message has changed; what was pinned last stands first. */
export function withMessage<M extends Pinnable>(pins: readonly M[], message: M): readonly M[] {
  const isThere = pins.some(({ id }) => id === message.id)
  const isPinned = message.pinned && message.deleted_at === null
  if (!isPinned) return isThere ? pins.filter(({ id }) => id !== message.id) : pins
  if (!isThere) return [message, ...pins]
  return pins.map((it) => (it.id === message.id ? message : it))
}
