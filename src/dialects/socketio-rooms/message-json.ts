import type { Message, Profile } from "../../protocol/entities"
import { isoTime } from "../../protocol/present"
import { presentAuthor, presentContent, presentRoomMessage } from "./present"

const authors = new WeakMap<Profile, string>()

/** Who writes much is encoded once, for as long as they are the same object. */
function authorJson(author: Profile): string {
  const known = authors.get(author)
  if (known !== undefined) return known
  const json = JSON.stringify(presentAuthor(author))
  authors.set(author, json)
  return json
}

let lastMessage: Message | null = null
let lastJson = ""

/**
 * `JSON.stringify(presentRoomMessage(message))`, put together by hand; a test compares the two.
 * Remembers the last one: a message is told three times over, as the event, as the
 * acknowledgement and as the answer to its sender.
 */
export function roomMessageJson(message: Message): string {
  if (message !== lastMessage) {
    lastJson = encode(message)
    lastMessage = message
  }
  return lastJson
}

/** Ids and times are quoted as they are: their alphabets hold nothing to escape. */
function encode(message: Message): string {
  if (message.editedAt !== null) return JSON.stringify(presentRoomMessage(message))
  const { id, author, roomId, type } = message
  const time = isoTime(message.createdAt)
  return (
    `{"id":"${id}","content":${JSON.stringify(presentContent(message))},` +
    `"author":${authorJson(author)},"roomId":"${roomId}","messageType":"${type.toUpperCase()}",` +
    `"timestamp":"${time}","createdAt":"${time}","updatedAt":"${time}"}`
  )
}
