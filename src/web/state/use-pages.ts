import { useEffect, useReducer, useRef } from "preact/hooks"
import type { Page } from "../../client/api"

/** A list that comes in pages, as far as it was loaded. */
export interface Pages<T> {
  readonly items: readonly T[]
  readonly isLoading: boolean
  /** Null: all is well. What was loaded stays. */
  readonly failure: unknown
  /** A further page is known of. */
  readonly hasMore: boolean
  /** The next page, or again what failed; nothing while one is on its way. */
  loadMore(): void
  /** Shows at once what was changed by oneself. */
  change(items: (items: readonly T[]) => readonly T[]): void
}

interface State<T> {
  readonly items: readonly T[]
  /** Of the next page; null: there is none, `undefined`: the first is still to come. */
  readonly cursor: string | null | undefined
  readonly isLoading: boolean
  readonly failure: unknown
}

/** Before the first draw has asked, it is as good as asked. */
const START = { items: [], cursor: undefined, isLoading: true, failure: null } as const

interface List<T> {
  readonly key: string
  state: State<T>
}

/**
 * Loads the first page, and each further one when asked. Another `key`: another list; answers to
 * the one before are dropped. `delayMs`: so long the key must have stayed, as while one types;
 * meanwhile what was found before is still shown.
 */
export function usePages<T>(
  key: string,
  load: (cursor: string | null) => Promise<Page<T>>,
  delayMs = 0,
): Pages<T> {
  const [, drawAgain] = useReducer<number, void>((count) => count + 1, 0)
  const latestLoad = useRef(load)
  latestLoad.current = load
  const shown = useRef<List<T>>({ key, state: START })
  if (shown.current.key !== key) {
    const found = { ...shown.current.state, isLoading: true, failure: null }
    shown.current = { key, state: delayMs === 0 ? START : found }
  }

  function set(list: List<T>, change: Partial<State<T>>): void {
    if (list !== shown.current) return
    list.state = { ...list.state, ...change }
    drawAgain()
  }

  async function ask(list: List<T>): Promise<void> {
    set(list, { isLoading: true, failure: null })
    try {
      const page = await latestLoad.current(list.state.cursor ?? null)
      const items = [...list.state.items, ...page.items]
      set(list, { items, cursor: page.cursor, isLoading: false })
    } catch (failure) {
      set(list, { isLoading: false, failure })
    }
  }

  useEffect(() => {
    const list = shown.current
    const timer = setTimeout(() => {
      list.state = START
      void ask(list)
    }, delayMs)
    return () => clearTimeout(timer)
  }, [key])

  const { items, isLoading, failure, cursor } = shown.current.state
  return {
    items,
    isLoading,
    failure,
    hasMore: typeof cursor === "string",
    loadMore() {
      const { state } = shown.current
      if (!state.isLoading && state.cursor !== null) void ask(shown.current)
    },
    change: (change) => set(shown.current, { items: change(shown.current.state.items) }),
  }
}
