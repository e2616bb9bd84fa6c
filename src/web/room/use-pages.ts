import { useEffect, useReducer, useRef } from "preact/hooks"
import type { Page } from "../../client/api"

/** A list that comes in pages, as far as it was loaded. */
export interface Pages<T> {
  readonly items: readonly T[]
  readonly isLoading: boolean
  /** Null: all is well. What was loaded stays. */
  readonly failure: unknown
  readonly hasMore: boolean
  /** The next page, or again what failed; nothing while one is on its way. */
  loadMore(): void
  /** Shows at once what was changed by oneself. */
  change(items: (items: readonly T[]) => readonly T[]): void
}

interface State<T> {
  readonly items: readonly T[]
  /** Null: at the start. */
  readonly cursor: string | null
  readonly status: "loading" | "more" | "done"
  readonly failure: unknown
}

const EMPTY = { items: [], cursor: null, status: "more", failure: null } as const

/**
 * Loads the first page, and each further one when asked. Another `key`: another list; answers to
 * the one before are dropped.
 */
export function usePages<T>(
  key: string,
  load: (cursor: string | null) => Promise<Page<T>>,
): Pages<T> {
  const [, drawAgain] = useReducer<number, void>((count) => count + 1, 0)
  const state = useRef<State<T>>(EMPTY)
  const run = useRef({ key, number: 0 })
  if (run.current.key !== key) {
    run.current = { key, number: run.current.number + 1 }
    state.current = EMPTY
  }

  function set(change: Partial<State<T>>): void {
    state.current = { ...state.current, ...change }
    drawAgain()
  }

  async function loadMore(): Promise<void> {
    if (state.current.status !== "more") return
    const { number } = run.current
    const isWanted = () => run.current.number === number
    set({ status: "loading", failure: null })
    try {
      const page = await load(state.current.cursor)
      if (!isWanted()) return
      const items = [...state.current.items, ...page.items]
      set({ items, cursor: page.cursor, status: page.cursor === null ? "done" : "more" })
    } catch (failure) {
      if (isWanted()) set({ status: "more", failure })
    }
  }

  useEffect(() => {
    void loadMore()
    // Whoever is gone draws nothing any more.
    return () => {
      run.current = { key: run.current.key, number: run.current.number + 1 }
    }
  }, [key])

  const { items, status, failure } = state.current
  return {
    items,
    // Before the first draw has asked, it is as good as asked.
    isLoading:
      status === "loading" || (status === "more" && items.length === 0 && failure === null),
    failure,
    hasMore: status === "more",
    loadMore: () => void loadMore(),
    change: (change) => set({ items: change(state.current.items) }),
  }
}
