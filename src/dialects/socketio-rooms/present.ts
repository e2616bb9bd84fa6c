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

/** Clients of this protocol may put what they are told into a page as it is. */
const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)

/** What is a URL is delivered as it is: it was checked when it came. */
const isUrl = ({ type }: Message): boolean => type === "image" || type === "file"

export function presentRoomMessage(message: Message): RoomMessage {
  const createdAt = isoTime(message.createdAt)
  return {
    id: message.id,
    content: isUrl(message) ? message.content : escapeHtml(message.content),
    author: { id: message.author.id, username: message.author.username },
    roomId: message.roomId,
    messageType: message.type.toUpperCase(),
    timestamp: createdAt,
    createdAt,
    updatedAt: isoTime(message.editedAt ?? message.createdAt),
  }
}

export const presentUser = ({ id, username }: Profile) => ({ userId: id, username })
