import type { ReadonlySignal } from "@preact/signals"
import { ArrowDown, ArrowUp } from "lucide"
import { useRef } from "preact/hooks"
import type { TimelineState } from "../../client/client"
import { t } from "../strings"
import { Icon } from "../ui/icon"
import type { Row } from "./grouping"
import type { ListSight } from "./list-view"
import type { Jump } from "./use-jump"
import type { NewLineState } from "./use-new-line"

interface NewMessagesButtonProps {
  readonly state: TimelineState
  /** Of the latest message of all, loaded or not; null: it is not known. */
  readonly latest: number | null
  readonly sight: ReadonlySignal<ListSight>
  readonly myId: string | null
  readonly onPress: () => void
}

/** The way back to the latest, and how many came since one left it. */
export function NewMessagesButton({
  state,
  latest,
  myId,
  onPress,
  ...rest
}: NewMessagesButtonProps) {
  const sight = rest.sight.value
  const leftAt = useRef<number | null>(null)
  const newest = state.isAtEnd ? state.messages.at(-1)?.seq : latest
  if (sight.isAtEnd && state.isAtEnd) leftAt.current = null
  // What is loaded because one scrolls there is not new.
  else leftAt.current ??= newest ?? Number.POSITIVE_INFINITY
  if (leftAt.current === null) return null
  const from = leftAt.current
  const count = state.messages.filter(
    (it) => it.seq > from && it.user_id !== myId && it.thread_id === null,
  ).length
  const isFar = sight.screensToEnd > 1 || !state.isAtEnd
  if (!isFar && count === 0) return null
  const words = t().messages
  return (
    <button
      type="button"
      class={count > 0 ? "to-latest to-latest-new" : "to-latest"}
      aria-label={count > 0 ? undefined : words.toLatest}
      title={words.toLatest}
      onClick={onPress}
    >
      <Icon node={ArrowDown} size={16} />
      {count > 0 && words.newMessages(count)}
    </button>
  )
}

interface NewMessagesAboveProps {
  readonly rows: readonly Row[]
  readonly line: NewLineState
  readonly sight: ReadonlySignal<ListSight>
  readonly jump: Jump
}

/** While the line stands above what is in sight: how much is new, and the way to where it begins. */
export function NewMessagesAbove({ rows, line, jump, ...rest }: NewMessagesAboveProps) {
  const sight = rest.sight.value
  const wasSeen = useRef<number | null>(null)
  const { after, count } = line
  if (after === null || count === 0 || sight.first === null) return null
  const lineAt = rows.findIndex((it) => it.isFirstNew)
  const firstAt = rows.findIndex((it) => it.key === sight.first)
  if (lineAt >= firstAt && lineAt !== -1) wasSeen.current = after
  if (wasSeen.current === after) return null
  return (
    <button
      type="button"
      class="to-first-new"
      onClick={() => {
        wasSeen.current = after
        jump.toSeq(after + 1)
      }}
    >
      <Icon node={ArrowUp} size={16} />
      {t().messages.toFirstNew(count)}
    </button>
  )
}
