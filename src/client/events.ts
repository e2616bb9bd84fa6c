import { assertNever } from "../protocol/assert-never"
import type { ClientEvents, ClientEventType, ClientListener } from "./client"
import type { Told } from "./connection/connection"

export interface Emitter {
  on<Type extends ClientEventType>(type: Type, listener: ClientListener<Type>): () => void
  emit<Type extends ClientEventType>(type: Type, event: ClientEvents[Type]): void
}

type Listeners = { [Type in ClientEventType]?: Set<ClientListener<Type>> }

export function createEmitter(): Emitter {
  const listeners: Listeners = {}

  function listenersOf<Type extends ClientEventType>(type: Type): Set<ClientListener<Type>> {
    const found: Listeners[Type] = listeners[type]
    if (found !== undefined) return found
    const made = new Set<ClientListener<Type>>()
    Object.assign(listeners, { [type]: made })
    return made
  }

  return {
    on(type, listener) {
      // One function may listen twice, so what is kept is another one each time.
      const own: typeof listener = (event) => listener(event)
      listenersOf(type).add(own)
      return () => void listenersOf(type).delete(own)
    },
    emit(type, event) {
      for (const listener of [...listenersOf(type)]) listener(event)
    },
  }
}

/** Tells what came over the connection to those who listen; what views alone need is not told. */
export function emitTold(emit: Emitter["emit"], frame: Told): void {
  switch (frame.type) {
    case "message.created":
    case "message.updated":
    case "message.deleted":
      emit(frame.type, { message: frame.data })
      break
    case "member.joined":
    case "member.left":
    case "member.updated":
      emit(frame.type, { member: frame.data })
      break
    case "room.added":
    case "room.removed":
    case "room.updated":
    case "room.deleted":
      emit(frame.type, { room: frame.data })
      break
    case "read":
    case "typing":
    case "presence":
    case "heartbeat":
    case "notice":
      break
    default:
      assertNever(frame)
  }
}
