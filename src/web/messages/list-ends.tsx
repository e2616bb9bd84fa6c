import { MessageSquare } from "lucide"
import type { ComponentChildren } from "preact"
import type { Timeline, TimelineState } from "../../client/client"
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

/** Above the oldest message that is loaded: how a room begins, or that there is more. */
export function ListStart({
  state,
  timeline,
  start,
}: ListEndProps & { readonly start: ComponentChildren }) {
  const { messages, pending, isAtStart, loading, trouble } = state
  if (messages.length === 0) {
    if (trouble !== null) return null
    if (loading === "first" || !isAtStart) return <Skeleton />
    if (pending.length > 0) return <>{start}</>
    return (
      <>
        {start}
        <EmptyState icon={MessageSquare} title={t().messages.nobodyWrote} />
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
