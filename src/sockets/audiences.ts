import type { Voice } from "../dialects/dialect"
import type { RoomRef } from "../protocol/events"
import type { RoomId, RoomNumericId, Seq } from "../protocol/ids"
import type { Ordering } from "./ordering"
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
export function createAudiences({ follow, unfollow }: Pick<Ordering, "follow" | "unfollow">) {
  const byRoom = new Map<RoomNumericId, Audience[]>()

  return {
    /** Those of the room, to be walked at once: they change with who comes and goes. */
    of: (room: RoomNumericId): readonly Audience[] => byRoom.get(room) ?? NOBODY,
    /**
     * The one of this protocol, made if need be; its size is the caller's to count. `head`: up to
     * where those know the room who now begin to listen.
     */
    get(voice: Voice, { id, numericId }: RoomRef, head: Seq): Audience {
      let here = byRoom.get(numericId)
      if (here === undefined) {
        here = []
        byRoom.set(numericId, here)
        follow({ id, numericId }, head)
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
      if (here.length === 0) {
        byRoom.delete(numericId)
        unfollow(audience.room)
      } else byRoom.set(numericId, here)
    },
  }
}

export type Audiences = ReturnType<typeof createAudiences>
