import { useMemo } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import { Barred } from "./barred"
import { placeKey } from "./compose-state"
import { ComposerForm } from "./composer-form"
import { ScheduledLine } from "./scheduled-list"
import { useWriteBar } from "./use-write-bar"
import "./composer.css"

export interface ComposerProps {
  readonly room: RoomHandle
  /** Answers go into this thread. */
  readonly threadId?: string
}

/** Where messages of a room, or of one of its threads, are written; or why they can't be. */
export function Composer({ room, threadId }: ComposerProps) {
  const place = useMemo(() => ({ roomId: room.id, threadId }), [room.id, threadId])
  const bar = useWriteBar(room)
  return (
    <div class="composer">
      <ScheduledLine place={place} />
      {bar === null ? (
        // Another place has its own draft, files and undo.
        <ComposerForm key={placeKey(place)} room={room} place={place} />
      ) : (
        <Barred bar={bar} />
      )}
    </div>
  )
}
