import type { Connection } from "../connection/connection"
import { ParleyError } from "../error"
import { createTimer } from "../timer"

const TOLD_AFTER_MS = 500

/** Tells how far one has read: of each room the last mark only, a moment later. */
export function createReadMarks({ ask }: Pick<Connection, "ask">) {
  const marks = new Map<string, number>()
  const timer = createTimer(() => void flush())

  const note = (roomId: string, seq: number): void =>
    void marks.set(roomId, Math.max(seq, marks.get(roomId) ?? 0))

  async function tell(roomId: string, seq: number): Promise<void> {
    try {
      await ask("read", { room_id: roomId, seq })
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
      // Told again on the next connection, unless it has moved on by then.
      if (error.code === "offline") note(roomId, seq)
    }
  }

  /** Tells what is still to be told. */
  async function flush(): Promise<void> {
    timer.stop()
    const due = [...marks]
    marks.clear()
    await Promise.all(due.map(([roomId, seq]) => tell(roomId, seq)))
  }

  return {
    mark(roomId: string, seq: number): void {
      note(roomId, seq)
      timer.start(TOLD_AFTER_MS)
    },
    flush,
    clear(): void {
      timer.stop()
      marks.clear()
    },
  }
}
