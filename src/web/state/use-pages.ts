import { useEffect, useRef, useState } from "preact/hooks"
import type { Page } from "../../client/api"

interface Pages<T> {
  readonly items: readonly T[]
  /** Of the next page; null: there is none, `undefined`: nothing was asked for yet. */
  readonly cursor: string | null | undefined
  readonly isLoading: boolean
  readonly failure: unknown
}

const NOTHING = { items: [], cursor: undefined, isLoading: false, failure: null } as const

/**
 * A list that comes in pages. It begins anew when `key` is another; what comes late for a key of
 * before is dropped. `delayMs`: so long nothing else must have been asked for, as while one types.
 */
export function usePages<T>(
  key: string,
  load: (cursor: string | null) => Promise<Page<T>>,
  delayMs = 0,
) {
  const [pages, setPages] = useState<Pages<T>>(NOTHING)
  const current = useRef({ key, load })
  current.current = { key, load }

  async function ask(before: Pages<T>): Promise<void> {
    setPages({ ...before, isLoading: true, failure: null })
    const asked = key
    const isWanted = () => current.current.key === asked
    try {
      const page = await current.current.load(before.cursor ?? null)
      const items = [...before.items, ...page.items]
      if (isWanted()) setPages({ items, cursor: page.cursor, isLoading: false, failure: null })
    } catch (failure) {
      if (isWanted()) setPages({ ...before, isLoading: false, failure })
    }
  }

  useEffect(() => {
    // What was found before stays until there is something else to show.
    setPages((shown) => ({ ...shown, isLoading: true, failure: null }))
    const timer = setTimeout(() => void ask(NOTHING), delayMs)
    return () => clearTimeout(timer)
  }, [key])

  return {
    ...pages,
    hasMore: typeof pages.cursor === "string",
    /** The next page; after a failure, the same one again. */
    more: () => {
      if (!pages.isLoading && pages.cursor !== null) void ask(pages)
    },
  }
}
