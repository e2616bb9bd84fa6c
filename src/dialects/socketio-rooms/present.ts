import type { Message, Profile } from "../../protocol/entities"
import { isoTime } from "../../protocol/present"

/** A message as this protocol has it: the acknowledgement of a send, and `receiveMessage`. */
export interface RoomMessage {
  readonly id: string
  readonly content: string
  readonly author: { readonly id: string; readonly username: string }
  readonly roomId: string
  readonly messageType: string
  readonly timestamp: string
  readonly createdAt: string
  readonly updatedAt: string
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

const isSpecial = /[&<>"']/

/** Most texts hold nothing to escape, and looking costs half of what replacing nothing does. */
const escapeHtml = (text: string): string =>
  isSpecial.test(text)
    ? text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    : text

/**
 * Clients of this protocol may put what they are told into a page as it is. What is a URL is
 * delivered as it is: it was checked when it came.
 */
export const presentContent = ({ type, content }: Message): string =>
  type === "image" || type === "file" ? content : escapeHtml(content)

export const presentAuthor = ({ id, username }: Profile): RoomMessage["author"] => ({
  id,
  username,
})

export function presentRoomMessage(message: Message): RoomMessage {
  const createdAt = isoTime(message.createdAt)
  return {
    id: message.id,
    content: presentContent(message),
    author: presentAuthor(message.author),
    roomId: message.roomId,
    messageType: message.type.toUpperCase(),
    timestamp: createdAt,
    createdAt,
    updatedAt: isoTime(message.editedAt ?? message.createdAt),
  }
}

export const presentUser = ({ id, username }: Profile) => ({ userId: id, username })
