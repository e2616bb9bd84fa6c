import { useEffect, useState } from "preact/hooks"
import type { Client, RoomHandle, RoomView } from "../../client/client"

export interface NewLineState {
  /** What others wrote after this seq is new. Null: nothing is. */
  readonly after: number | null
  /** How many there were when the room was opened. */
  readonly count: number
  /** Draws it above what came after this seq; until one leaves the room, nothing more is read. */
  readonly drawAfter: (seq: number) => void
  /** Nothing is to be read: it is not known yet from where, or somebody keeps it unread. */
  readonly isHeld: boolean
}

type Line = Pick<NewLineState, "after" | "count">

/** Threads have none. */
const NONE: Line = { after: null, count: 0 }

/**
 * Where one had read to when the room was opened, and when one comes back to the page: the line
 * must stay where it is while one reads on.
 */
export function useNewLine(client: Client, room: RoomHandle, isThread: boolean): NewLineState {
  const [line, setLine] = useState<Line | null>(() => (isThread ? NONE : lineOf(client, room)))
  const [isKept, setKept] = useState(false)

  useEffect(() => {
    if (isThread) return
    const take = () => setLine((before) => before ?? lineOf(client, room))
    const comeBack = () => {
      if (document.visibilityState !== "visible") return
      const now = lineOf(client, room)
      if (now !== null && now.after !== null) setLine(now)
    }
    take()
    const stops = [room.view.subscribe(take), client.isReady.subscribe(take)]
    document.addEventListener("visibilitychange", comeBack)
    return () => {
      for (const stop of stops) stop()
      document.removeEventListener("visibilitychange", comeBack)
    }
  }, [client, room, isThread])

  return {
    ...(line ?? NONE),
    isHeld: line === null || isKept,
    drawAfter(seq) {
      setLine({ after: seq, count: 0 })
      setKept(true)
    },
  }
}

/** Null: it is not known yet what is unread. */
function lineOf({ isReady }: Client, { view }: RoomHandle): Line | null {
  return isReady.value && view.value !== null ? lineIn(view.value) : null
}

/** To whoever has just come to a room and never read there, nothing of it is old. */
const lineIn = ({ unread, lastReadSeq }: RoomView): Line =>
  unread === 0 || lastReadSeq === 0
    ? { after: null, count: unread }
    : { after: lastReadSeq, count: unread }
