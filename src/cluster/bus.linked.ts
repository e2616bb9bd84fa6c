import { assertNever } from "../protocol/assert-never"
import type { BusMessage } from "../protocol/events"
import { asRoomNumericId, type RoomNumericId } from "../protocol/ids"
import type { Bus } from "./bus"
import type { Link } from "./link"

export interface LinkedBus extends Bus {
  /**
   * What other nodes publish of the room has begun to come here, for the first time or again after
   * a gap: what came about before must be read from the database.
   */
  onFollowed(isFollowed: (room: RoomNumericId) => void): void
}

interface Route {
  /** Null: every node is told, and not only those that follow the room. */
  readonly room: RoomNumericId | null
  readonly endsRight: boolean
}

const TOPIC = "bus"
const CHANNEL = "room:"

/** The bus of a server that is one of many. */
export function createLinkedBus(link: Link): LinkedBus {
  let receiver: (message: BusMessage) => unknown = () => undefined
  let followed: (room: RoomNumericId) => void = () => undefined
  /** Heard here, or being heard, and in the order of publishing. */
  const untold: { readonly message: BusMessage; readonly route: Route }[] = []

  function hear(word: unknown): unknown {
    return isBusMessage(word) ? receiver(word) : undefined
  }

  /** What hearing it makes this node publish in turn comes after it on other nodes, too. */
  function hearAndTell(): void {
    const [first] = untold
    try {
      if (first !== undefined) receiver(first.message)
    } finally {
      for (const { message, route } of untold.splice(0)) {
        if (route.room === null) link.tell(TOPIC, message)
        else link.tellFollowers(channelOf(route.room), message)
      }
    }
  }

  link.hear(TOPIC, hear)
  link.onFollowed({ heard: hear, isFollowed: (channel) => followed(roomOf(channel)) })

  return {
    publish(message) {
      const route = routeOf(message)
      untold.push({ message, route })
      if (untold.length === 1) hearAndTell()
      else receiver(message)
      return route.endsRight ? link.settle() : undefined
    },
    subscribe: (receive) => {
      receiver = receive
    },
    follow: (room) => link.follow(channelOf(room)),
    unfollow: (room) => link.unfollow(channelOf(room)),
    onFollowed: (isFollowed) => {
      followed = isFollowed
    },
  }
}

const channelOf = (room: RoomNumericId): string => `${CHANNEL}${room}`

/** Only of what `channelOf` has made. */
const roomOf = (channel: string): RoomNumericId =>
  asRoomNumericId(Number(channel.slice(CHANNEL.length)))

/** A new type of message breaks the build here: somebody must say who is to hear of it. */
function routeOf(message: BusMessage): Route {
  switch (message.type) {
    case "message.created":
    case "message.updated":
    case "message.deleted":
    case "member.joined":
    case "member.updated":
    case "room.updated":
    case "read":
    case "presence":
    case "room.entered":
    case "room.exited":
      return { room: message.room.numericId, endsRight: false }
    case "member.left":
    case "room.deleted":
      return { room: message.room.numericId, endsRight: true }
    case "room.added":
    case "user.online":
    case "user.offline":
    case "user.updated":
    // Each node says how many type, and where, of rooms that nobody there listens to as well.
    case "typing":
      return { room: null, endsRight: false }
    case "room.removed":
    case "access.ended":
    case "session.revoked":
    case "key.revoked":
    case "user.disabled":
      return { room: null, endsRight: true }
    default:
      return assertNever(message)
  }
}

const TYPES: Readonly<Record<BusMessage["type"], true>> = {
  "message.created": true,
  "message.updated": true,
  "message.deleted": true,
  "member.joined": true,
  "member.left": true,
  "member.updated": true,
  "room.updated": true,
  "room.deleted": true,
  "room.added": true,
  "room.removed": true,
  typing: true,
  read: true,
  presence: true,
  "room.entered": true,
  "room.exited": true,
  "user.online": true,
  "user.offline": true,
  "access.ended": true,
  "session.revoked": true,
  "key.revoked": true,
  "user.disabled": true,
  "user.updated": true,
}

/**
 * Its type is what is looked at: the rest was made by this very code on another node. A node of a
 * later version may tell of what is not known here.
 */
function isBusMessage(word: unknown): word is BusMessage {
  if (typeof word !== "object" || word === null || !("type" in word)) return false
  return typeof word.type === "string" && Object.hasOwn(TYPES, word.type)
}
