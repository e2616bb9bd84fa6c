import type { Voice } from "../dialects/dialect"
import type { RoomRef } from "../protocol/events"
import type { RoomId, RoomNumericId } from "../protocol/ids"
import { roomTopic } from "./topics"

/** The connections of this node that hear one room in one protocol. */
export interface Audience {
  /** By which a connection finds it among its own. */
  readonly key: string
  readonly voice: Voice
  readonly room: RoomRef
  /** What they are subscribed to. */
  readonly topic: string
  size: number
}

export const audienceKey = (voice: Voice, room: RoomId): string => `${voice.name}:${room}`

const NOBODY: readonly Audience[] = []

/**
 * Who listens where, as far as publishing must know: for each room those protocols in which
 * anybody hears it, so that an event is put into no words that nobody listens for, and asking
 * costs one look for all protocols together.
 */
export function createAudiences() {
  const byRoom = new Map<RoomNumericId, Audience[]>()

  return {
    /** Those of the room, to be walked at once: they change with who comes and goes. */
    of: (room: RoomNumericId): readonly Audience[] => byRoom.get(room) ?? NOBODY,
    /** The one of this protocol, made if need be; its size is the caller's to count. */
    get(voice: Voice, { id, numericId }: RoomRef): Audience {
      let here = byRoom.get(numericId)
      if (here === undefined) {
        here = []
        byRoom.set(numericId, here)
      }
      const known = here.find((it) => it.voice === voice)
      if (known !== undefined) return known
      const made: Audience = {
        key: audienceKey(voice, id),
        voice,
        room: { id, numericId },
        topic: roomTopic(voice, numericId),
        size: 0,
      }
      here.push(made)
      return made
    },
    /** Drops it if nobody is left in it. */
    release(audience: Audience): void {
      if (audience.size > 0) return
      const { numericId } = audience.room
      const here = (byRoom.get(numericId) ?? []).filter((it) => it !== audience)
      if (here.length === 0) byRoom.delete(numericId)
      else byRoom.set(numericId, here)
    },
  }
}

export type Audiences = ReturnType<typeof createAudiences>
