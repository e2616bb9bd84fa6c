import { useEffect, useRef, useState } from "preact/hooks"
import type { RoomHandle, RoomView } from "../../client/client"

export interface NewLineState {
  /** What others wrote after this seq is new. Null: nothing is. */
  readonly after: number | null
  /** How many there were when the room was opened. */
  readonly count: number
  /** Draws it above what came after this seq; until one leaves the room, nothing more is read. */
  readonly drawAfter: (seq: number) => void
  readonly isHeld: boolean
}

/**
 * Where one had read to when the room was opened, and when one comes back to the page: the line
 * must stay where it is while one reads on. `isThread`: a thread has none.
 */
export function useNewLine(room: RoomHandle, isThread: boolean): NewLineState {
  const [line, setLine] = useState(() => lineOf(isThread ? null : room.view.value))
  const [isHeld, setHeld] = useState(false)
  const isKnown = useRef(room.view.value !== null)

  useEffect(() => {
    if (isThread) return
    const take = () => {
      if (isKnown.current || room.view.value === null) return
      isKnown.current = true
      setLine(lineOf(room.view.value))
    }
    const comeBack = () => {
      if (document.visibilityState !== "visible") return
      const line = lineOf(room.view.value)
      if (line.after !== null) setLine(line)
    }
    take()
    const stop = room.view.subscribe(take)
    document.addEventListener("visibilitychange", comeBack)
    return () => {
      stop()
      document.removeEventListener("visibilitychange", comeBack)
    }
  }, [room, isThread])

  return {
    ...line,
    isHeld,
    drawAfter(seq) {
      setLine({ after: seq, count: 0 })
      setHeld(true)
    },
  }
}

/** Whoever has just come to a room and never read there finds nothing of it old. */
const lineOf = (view: RoomView | null) =>
  view === null || view.unread === 0 || view.lastReadSeq === 0
    ? { after: null, count: view?.unread ?? 0 }
    : { after: view.lastReadSeq, count: view.unread }
