import type { RoomHandle } from "../../client/client"
import { Composer } from "../composer/composer"
import { PanelFrame } from "../room/panel-frame"
import { t } from "../strings"
import { Banner } from "../ui/banner"
import { TimelineList } from "./timeline-list"
import { useFrame } from "./use-frame"

export interface ThreadPanelProps {
  readonly room: RoomHandle
  readonly messageId: string
  readonly onClose: () => void
}

/** A message with all that was answered to it, apart from the room. */
export function ThreadPanel({ room, messageId, onClose }: ThreadPanelProps) {
  const timeline = room.thread(messageId)
  const { trouble } = useFrame(timeline.state)
  const isGone = trouble?.code === "message_not_found"
  return (
    <PanelFrame title={t().messages.thread} onClose={onClose}>
      {isGone ? (
        <div class="panel-note">
          <Banner kind="warn">{t().messages.threadGone}</Banner>
        </div>
      ) : (
        <div class="thread">
          <TimelineList
            key={messageId}
            room={room}
            timeline={timeline}
            threadId={messageId}
            at={null}
            label={t().messages.thread}
            start={null}
          />
          <Composer room={room} threadId={messageId} />
        </div>
      )}
    </PanelFrame>
  )
}
