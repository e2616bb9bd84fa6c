import type { ApiMessage, ApiRoom } from "../../protocol/answers"
import { legible } from "../state/legible"
import { personName } from "../state/names"

/** More of a message nobody reads in passing. */
const BODY_CHARS_MAX = 160

/** What the browser shows: one for each room, which says how many there were. */
export interface RoomBanner {
  readonly title: string
  readonly body: string
  /** Another one of the same tag takes its place. */
  readonly tag: string
  readonly count: number
  readonly seq: number
}

export interface BannerWords {
  readonly title: (room: string, count: number) => string
  readonly said: (who: string, what: string) => string
  readonly picture: string
  readonly file: string
}

/** The banner after one more message in its room; `before`: the one that still stands there. */
export function bannerOf(
  message: ApiMessage,
  room: Pick<ApiRoom, "id" | "name" | "type">,
  before: RoomBanner | undefined,
  words: BannerWords,
): RoomBanner {
  const count = (before?.count ?? 0) + 1
  const who = personName(message.user)
  const what = textOf(message, words)
  const isDirect = room.type === "direct"
  return {
    title: words.title(isDirect ? who : legible(room.name, room.id), count),
    // A conversation of many is told apart by who speaks in the title; the rest names the speaker.
    body: isDirect ? what : words.said(who, what),
    tag: `room-${room.id}`,
    count,
    seq: message.seq,
  }
}

function textOf({ content, type, attachments }: ApiMessage, words: BannerWords): string {
  const text = content.replace(/\s+/g, " ").trim()
  const isPicture = type === "image" || attachments.some(({ mime }) => mime.startsWith("image/"))
  if (type === "image" || type === "file" || text === "") {
    return isPicture ? words.picture : words.file
  }
  const chars = [...text]
  return chars.length <= BODY_CHARS_MAX ? text : `${chars.slice(0, BODY_CHARS_MAX - 1).join("")}…`
}
