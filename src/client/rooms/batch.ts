import { createTimer } from "../timer"

/** What is shown is made anew at most once in this time, however much is heard. */
const GAP_MS = 8

interface BatchDeps<Item> {
  readonly flush: (items: ReadonlySet<Item>) => void
}

/**
 * Gathers what has changed. The first change is shown at once, at the end of the running task;
 * what follows soon after is shown together.
 */
export function createBatch<Item>({ flush }: BatchDeps<Item>) {
  let changed = new Set<Item>()
  const timer = createTimer(run)
  let isSoon = false
  let flushedAt = -GAP_MS
  let isClosed = false

  function run(): void {
    timer.stop()
    isSoon = false
    if (isClosed || changed.size === 0) return
    const items = changed
    changed = new Set()
    flushedAt = performance.now()
    flush(items)
  }

  /** It has changed because somebody here wants it so: shown without waiting. */
  function now(item: Item): void {
    changed.add(item)
    if (isSoon) return
    isSoon = true
    queueMicrotask(run)
  }

  /** It was heard that it has changed. */
  function add(item: Item): void {
    if (performance.now() - flushedAt >= GAP_MS) {
      now(item)
      return
    }
    changed.add(item)
    if (!isSoon) timer.start(GAP_MS)
  }

  return {
    add,
    now,
    close(): void {
      isClosed = true
      timer.stop()
      changed.clear()
    },
  }
}

export type Batch<Item> = ReturnType<typeof createBatch<Item>>
