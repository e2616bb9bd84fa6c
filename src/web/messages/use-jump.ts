import { useEffect, useRef, useState } from "preact/hooks"
import type { Timeline, TimelineState } from "../../client/client"
import { act } from "./act"
import type { Row } from "./grouping"
import type { ListHandle } from "./list-view"

const HIGHLIGHTED_MS = 2_500

type Target = { readonly type: "end" } | { readonly type: "seq"; readonly seq: number }

interface Jumping {
  readonly timeline: Timeline
  readonly state: TimelineState
  readonly rows: readonly Row[]
  readonly list: { readonly current: ListHandle | null }
}

export interface Jump {
  readonly toSeq: (seq: number) => void
  readonly toEnd: () => void
  /** The row that was jumped to, for a moment. */
  readonly highlighted: string | null
}

/** Goes to a place in the room that may not be loaded; then it is loaded, and gone to after. */
export function useJump({ timeline, state, rows, list }: Jumping): Jump {
  const target = useRef<Target | null>(null)
  const [highlighted, setHighlighted] = useState<string | null>(null)

  useEffect(() => {
    const { current } = target
    if (current === null || state.loading === "first") return
    if (current.type === "end") {
      if (!state.isAtEnd) return
      target.current = null
      list.current?.scrollToEnd()
      return
    }
    const row = rowOf(rows, current.seq)
    if (row === null || !holds(state, current.seq)) return
    target.current = null
    list.current?.scrollToRow(row.key)
    setHighlighted(row.key)
  }, [rows, state])

  useEffect(() => {
    if (highlighted === null) return
    const over = setTimeout(() => setHighlighted(null), HIGHLIGHTED_MS)
    return () => clearTimeout(over)
  }, [highlighted])

  return {
    highlighted,
    toSeq(seq) {
      const row = holds(timeline.state.value, seq) ? rowOf(rows, seq) : null
      if (row !== null) {
        list.current?.scrollToRow(row.key)
        setHighlighted(row.key)
        return
      }
      target.current = { type: "seq", seq }
      act(timeline.open({ around: seq }))
    },
    toEnd() {
      if (timeline.state.value.isAtEnd) return list.current?.scrollToEnd()
      target.current = { type: "end" }
      act(timeline.open())
    },
  }
}

/** Whether the place of that seq is within what is loaded, though the message may not be shown. */
function holds({ messages, isAtStart, isAtEnd }: TimelineState, seq: number): boolean {
  const first = messages[0]
  const last = messages.at(-1)
  if (first === undefined || last === undefined) return false
  return (isAtStart || first.seq <= seq) && (isAtEnd || seq <= last.seq)
}

/** The row of that seq; where there is none, as of what stands in a thread, the one before it. */
function rowOf(rows: readonly Row[], seq: number): Row | null {
  const row = rows.findLast((it) => it.type === "message" && it.message.seq <= seq)
  return row ?? rows.find((it) => it.type === "message") ?? null
}
