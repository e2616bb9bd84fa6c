import { useCallback, useEffect, useRef } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import type { Row } from "./grouping"
import type { ListSight } from "./list-view"

interface ReadMarks {
  readonly room: RoomHandle
  readonly rows: readonly Row[]
  /** Nothing is read here: a thread, or somebody keeps it unread. */
  readonly isOff: boolean
}

/** What was in sight on a page that was seen has been read. Returns what to tell of what is. */
export function useReadMarks({ room, rows, isOff }: ReadMarks): (sight: ListSight) => void {
  const last = useRef<ListSight | null>(null)
  const shown = useRef({ rows, isOff })
  shown.current = { rows, isOff }

  const mark = useCallback(() => {
    const { current: sight } = last
    if (sight === null || shown.current.isOff || document.visibilityState !== "visible") return
    const seq = seqSeen(room, shown.current.rows, sight)
    const before = room.view.value?.lastReadSeq ?? 0
    if (seq !== null && seq > before) room.markRead(seq)
  }, [room])

  useEffect(() => {
    document.addEventListener("visibilitychange", mark)
    return () => document.removeEventListener("visibilitychange", mark)
  }, [mark])

  useEffect(mark, [mark, isOff])

  return useCallback(
    (sight) => {
      last.current = sight
      mark()
    },
    [mark],
  )
}

/** At the end everything has been read, what is shown in threads too. */
function seqSeen(room: RoomHandle, rows: readonly Row[], sight: ListSight): number | null {
  const { messages, isAtEnd } = room.timeline.state.value
  if (sight.isAtEnd && isAtEnd) return messages.at(-1)?.seq ?? null
  const row = rows.find((it) => it.key === sight.last)
  return row?.type === "message" ? row.message.seq : null
}
