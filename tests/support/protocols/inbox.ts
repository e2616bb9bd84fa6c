import type { AnyFrame } from "./speaker"

/** Frames as they come. */
export interface Inbox {
  readonly frames: readonly AnyFrame[]
  push(frame: AnyFrame): void
  /** Settles when there are more than so many. Rejects when they do not come in time. */
  moreThan(count: number): Promise<void>
}

/** Long, for machines that are busy: only what fails waits for it. Like no timer of the server. */
const FRAME_WITHIN_MS = 9_876

export function createInbox(): Inbox {
  const frames: AnyFrame[] = []
  const waiting = new Set<() => void>()
  return {
    frames,
    push(frame) {
      frames.push(frame)
      for (const look of [...waiting]) look()
    },
    async moreThan(count) {
      if (frames.length > count) return
      const came = Promise.withResolvers<void>()
      const timer = setTimeout(() => {
        const last = JSON.stringify(frames.slice(-5))
        came.reject(new Error(`no further frame came after ${last}`))
      }, FRAME_WITHIN_MS)
      const look = () => {
        if (frames.length > count) came.resolve()
      }
      waiting.add(look)
      try {
        await came.promise
      } finally {
        waiting.delete(look)
        clearTimeout(timer)
      }
    },
  }
}
