import { openRawLine } from "./raw-line"
import type { AnyFrame, Protocol, Words } from "./speaker"

/** A claim of no known type is wrong everywhere, and told with the field's name. */
const FENCE = { type: "text", content: "fence", user_id: { fence: true } }

const words: Words = {
  join: () => null,
  isJoined: ({ type }) => type === "history",
  leave: () => null,
  say: (_place, content, { type, by }) => ({ type, content, user_id: by.id }),
  type: () => null,
  fence: FENCE,
  isFence: ({ type, detail }) => type === "error" && String(detail).startsWith("user_id"),
  read(frame: AnyFrame, nameOf) {
    switch (frame.type) {
      case "text":
      case "image":
      case "file":
        return `${nameOf(frame.user_id)}: ${frame.content}`
      case "system":
        return frame.id === undefined ? readNotice(frame, nameOf) : `system: ${frame.content}`
      case "error":
        return `error: ${frame.detail}`
      default:
        return JSON.stringify(frame)
    }
  },
}

/** `User <username> joined the chat`. */
function readNotice(frame: AnyFrame, nameOf: (id: string) => string): string {
  const [, username = "", verb] = /^User (.+) (joined|left) the chat$/.exec(frame.content) ?? []
  if (verb === undefined) return JSON.stringify(frame)
  return `${nameOf(username)} ${verb === "joined" ? "came" : "went"}`
}

export const roomPathProtocol: Protocol = {
  name: "room-path",
  title: "room-path",
  hasRooms: true,
  sends: ["text", "image", "file"],
  words,
  open: ({ url, place, user, ...credentials }) =>
    openRawLine(`${url}/api/v1/ws/${place.id}/${user}`, credentials),
}
