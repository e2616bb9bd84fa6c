import type { Connection } from "../connection/connection"
import { ParleyError } from "../error"

const TOLD_AFTER_MS = 500

/** Tells how far one has read: of each room the last mark only, a moment later. */
export function createReadMarks({ ask }: Pick<Connection, "ask">) {
  const marks = new Map<string, number>()
  let timer: ReturnType<typeof setTimeout> | null = null

  async function tell(roomId: string, seq: number): Promise<void> {
    try {
      await ask("read", { room_id: roomId, seq })
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
      // Told again on the next connection, unless it has moved on by then.
      if (error.code === "offline") marks.set(roomId, Math.max(seq, marks.get(roomId) ?? 0))
    }
  }

  /** Tells what is still to be told. */
  async function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const due = [...marks]
    marks.clear()
    await Promise.all(due.map(([roomId, seq]) => tell(roomId, seq)))
  }

  return {
    mark(roomId: string, seq: number): void {
      marks.set(roomId, Math.max(seq, marks.get(roomId) ?? 0))
      timer ??= setTimeout(() => void flush(), TOLD_AFTER_MS)
    },
    flush,
    clear(): void {
      if (timer !== null) clearTimeout(timer)
      timer = null
      marks.clear()
    },
  }
}
