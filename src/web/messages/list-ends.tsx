import { MessageSquare } from "lucide"
import type { ComponentChildren } from "preact"
import type { RoomHandle, Timeline, TimelineState } from "../../client/client"
import { useWriteBar } from "../composer/use-write-bar"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { EmptyState } from "../ui/empty-state"
import { Spinner } from "../ui/spinner"
import { act } from "./act"

interface ListEndProps {
  readonly state: TimelineState
  readonly timeline: Timeline
}

interface ListStartProps extends ListEndProps {
  readonly room: RoomHandle
  readonly start: ComponentChildren
}

/** Above the oldest message that is loaded: how a room begins, or that there is more. */
export function ListStart({ room, state, timeline, start }: ListStartProps) {
  const { messages, pending, isAtStart, loading, trouble } = state
  if (messages.length === 0) {
    if (trouble !== null) return null
    if (loading === "first" || !isAtStart) return <Skeleton />
    if (pending.length > 0) return <>{start}</>
    return (
      <>
        {start}
        <NobodyWrote room={room} />
      </>
    )
  }
  if (isAtStart) return <>{start}</>
  return (
    <div class="list-more">
      {trouble !== null && loading === null ? (
        <Trouble trouble={trouble} onRetry={() => act(timeline.loadOlder())} />
      ) : (
        <>
          <Spinner size={16} />
          {t().messages.loadingOlder}
        </>
      )}
    </div>
  )
}

/** Only who may write is asked to. */
function NobodyWrote({ room }: { readonly room: RoomHandle }) {
  const { nobodyWrote, sayHello } = t().messages
  const mayWrite = useWriteBar(room) === null
  return (
    <EmptyState
      icon={MessageSquare}
      title={mayWrite ? `${nobodyWrote} ${sayHello}` : nobodyWrote}
    />
  )
}

/** Below the newest that is loaded. */
export function ListEnd({ state, timeline }: ListEndProps) {
  const { messages, isAtEnd, loading, trouble } = state
  if (messages.length === 0) {
    if (trouble === null) return null
    return <Trouble trouble={trouble} onRetry={() => act(timeline.open())} />
  }
  if (isAtEnd) return null
  return (
    <div class="list-more">
      {trouble !== null && loading === null ? (
        <Trouble trouble={trouble} onRetry={() => act(timeline.loadNewer())} />
      ) : (
        <>
          <Spinner size={16} />
          {t().messages.loadingNewer}
        </>
      )}
    </div>
  )
}

interface TroubleProps {
  readonly trouble: NonNullable<TimelineState["trouble"]>
  readonly onRetry: () => void
}

function Trouble({ trouble, onRetry }: TroubleProps) {
  return (
    <Banner kind="danger" action={<Button onClick={onRetry}>{t().app.retry}</Button>}>
      {t().messages.notLoaded} {wordsFor(trouble)}
    </Banner>
  )
}

const LINES = [60, 85, 40, 70, 55] as const

/** Where messages are to come, once it has taken a while. */
function Skeleton() {
  return (
    <div class="list-skeleton" role="status">
      <span class="visually-hidden">{t().app.loading}</span>
      {LINES.map((percent) => (
        <div key={percent} class="list-skeleton-row" aria-hidden="true">
          <span class="list-skeleton-face" />
          <span class="list-skeleton-text" style={{ width: `${percent}%` }} />
        </div>
      ))}
    </div>
  )
}
