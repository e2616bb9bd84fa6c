import type { IconNode } from "lucide"
import { Hash, Lock, StickyNote, UsersRound } from "lucide"
import type { RoomView } from "../../client/client"
import type { ApiProfile, ApiUser } from "../../protocol/answers"
import { personName, roomName } from "../state/names"
import type { Entry } from "./ranking"

/** What the palette shows a row of. */
export interface PaletteEntry extends Entry {
  readonly icon: IconNode
  /** Shown in place of the icon. */
  readonly profile?: ApiProfile | undefined
  readonly unread?: number
  /** A conversation, not a room. */
  readonly isDirect?: boolean
  readonly mentions?: number
  readonly run: () => void | Promise<void>
}

export interface RoomEntryDeps {
  readonly visitedAt: (roomId: string) => number | undefined
  readonly open: (roomId: string) => void
}

/** Rooms and conversations one is in. A conversation is found by all names of its people. */
export function roomEntry(view: RoomView, { visitedAt, open }: RoomEntryDeps): PaletteEntry {
  const { room, people, lastMessage, unread, mentions } = view
  const [first, ...others] = people
  const isPair = room.type === "direct" && first !== undefined && others.length === 0
  const heardAt = lastMessage === null ? undefined : Date.parse(lastMessage.created_at)
  const times = [heardAt, visitedAt(room.id)].filter((it) => it !== undefined)
  return {
    id: `room ${room.id}`,
    kind: "room",
    label: roomName(view),
    detail: isPair ? `@${first.username}` : (room.topic ?? undefined),
    words: people.map(({ username }) => username),
    usedAt: times.length === 0 ? undefined : Math.max(...times),
    isCalling: unread > 0,
    icon: faceOf(view),
    profile: isPair ? first : undefined,
    isDirect: room.type === "direct",
    unread,
    mentions,
    run: () => open(room.id),
  }
}

function faceOf({ room, people }: RoomView): IconNode {
  if (room.type === "direct") return people.length === 0 ? StickyNote : UsersRound
  return room.type === "public" ? Hash : Lock
}

/** Somebody to whom no conversation is open yet. */
export function personEntry(user: ApiUser, open: (user: ApiUser) => Promise<void>): PaletteEntry {
  return {
    id: `person ${user.id}`,
    kind: "person",
    label: personName(user),
    detail: `@${user.username}`,
    icon: UsersRound,
    profile: user,
    run: () => open(user),
  }
}

/** With whom one is alone in a conversation already: they are found by it. */
export const partnersIn = (rooms: readonly RoomView[]): ReadonlySet<string> =>
  new Set(
    rooms.flatMap(({ room, people }) => {
      const [first, ...others] = people
      return room.type === "direct" && first !== undefined && others.length === 0 ? [first.id] : []
    }),
  )
