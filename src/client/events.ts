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
  if (
    frame.type === "read" ||
    frame.type === "typing" ||
    frame.type === "presence" ||
    frame.type === "heartbeat" ||
    frame.type === "notice"
  ) {
    return
  }
  const { type, data } = frame
  if ("content" in data) emit(type, { message: data })
  else if ("left_at" in data) emit(type, { member: data })
  else emit(type, { room: data })
}
