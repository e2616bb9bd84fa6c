import { X } from "lucide"
import type { RoomHandle } from "../../client/client"
import { Composer } from "../composer/composer"
import { t } from "../strings"
import { Banner } from "../ui/banner"
import { IconButton } from "../ui/icon-button"
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
  const { trouble, messages, isAtStart } = useFrame(timeline.state)
  const isGone = trouble?.code === "message_not_found"
  return (
    <aside
      class="thread-panel"
      aria-label={t().messages.thread}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return
        event.preventDefault()
        onClose()
      }}
    >
      <header class="thread-panel-head">
        <h2 class="thread-panel-title">{t().messages.thread}</h2>
        <IconButton icon={X} label={t().messages.closeThread} onClick={onClose} />
      </header>
      {isGone ? (
        <Banner kind="warn">{t().messages.threadGone}</Banner>
      ) : (
        <>
          <TimelineList
            key={messageId}
            room={room}
            timeline={timeline}
            threadId={messageId}
            at={null}
            label={t().messages.thread}
            start={null}
          />
          {isAtStart && messages.length === 1 && (
            <p class="thread-panel-empty">{t().messages.threadEmpty}</p>
          )}
          <Composer room={room} threadId={messageId} />
        </>
      )}
    </aside>
  )
}
