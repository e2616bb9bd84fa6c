import { isFields } from "../../protocol/json"
import type { Known } from "./commands/command"
import type { ProtocolId } from "./protocols"

/** What a frame teaches, for the forms to be filled with: the message that came last, and so on. */
export function learnFrom(protocol: ProtocolId, known: Known, frame: unknown): Known {
  return { ...known, ...lessonOf(protocol, frame) }
}

type Lesson = Partial<Known>

function lessonOf(protocol: ProtocolId, frame: unknown): Lesson {
  if (!isFields(frame)) return {}
  switch (protocol) {
    case "native":
      return ofNative(frame)
    case "room-commands":
      // Made, and not joined: what one does next is to join it.
      return frame.type === "room_created" ? texts({ room: fieldOf(frame.data, "id") }) : {}
    case "room-path":
      return frame.type === "text" ? texts({ message: frame.id }) : {}
    case "gateway-events":
    case "socketio-rooms":
    case "socketio-conversations":
      return {}
  }
}

function ofNative(frame: Readonly<Record<string, unknown>>): Lesson {
  const { type, data } = frame
  if (type === "hello") {
    const user = fieldOf(data, "user")
    return texts({
      userId: fieldOf(user, "id"),
      userNumber: fieldOf(user, "numeric_id"),
      username: fieldOf(user, "username"),
    })
  }
  if (type === "message.created") return texts({ message: fieldOf(data, "id"), seq: frame.seq })
  if (type !== "ok") return {}
  const rooms = fieldOf(data, "rooms")
  const [first] = Array.isArray(rooms) ? rooms : []
  return texts({ epoch: fieldOf(first, "epoch"), seq: fieldOf(first, "until") })
}

const fieldOf = (of: unknown, name: string): unknown => (isFields(of) ? of[name] : undefined)

/** As they would be typed; what is neither text nor number teaches nothing. */
function texts(found: Readonly<Partial<Record<keyof Known, unknown>>>): Lesson {
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, value]) =>
      typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [],
    ),
  )
}
