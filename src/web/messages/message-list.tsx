import { useMemo } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import { roomName } from "../state/names"
import { t } from "../strings"
import { TimelineList } from "./timeline-list"
import { useFrame } from "./use-frame"

export interface MessageListProps {
  readonly room: RoomHandle
  /** A seq to jump to. */
  readonly at: number | null
}

/** All that was said in a room. It opens the room's timeline itself, as it knows where. */
export function MessageList({ room, at }: MessageListProps) {
  const view = useFrame(room.view)
  const name = view === null ? "" : roomName(view)
  const isDirect = view?.room.type === "direct"
  const topic = view?.room.topic ?? null
  // Whoever shows the room is drawn at each message, and this list once a frame at most.
  return useMemo(
    () => (
      <TimelineList
        key={room.id}
        room={room}
        timeline={room.timeline}
        threadId={null}
        at={at}
        label={t().messages.listOf(name)}
        start={
          <div class="list-beginning">
            <p class="list-beginning-title">{name}</p>
            <p>{isDirect ? t().messages.beginningOfConversation : t().messages.beginning(name)}</p>
            {topic !== null && <p class="list-beginning-topic">{topic}</p>}
          </div>
        }
      />
    ),
    [room, at, name, isDirect, topic, t()],
  )
}
