import { useState } from "preact/hooks"
import type { Page } from "../../client/api"
import { showError } from "../state/toasts"
import { usePages } from "../state/use-pages"

/** A list of things of one's own that may be ended one by one, or made anew. */
export function useOwnList<T extends { readonly id: string }>(
  load: (cursor: string | null) => Promise<Page<T>>,
) {
  const [round, setRound] = useState(0)
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set())
  const [busyId, setBusyId] = useState<string | null>(null)
  const pages = usePages(String(round), load)
  const forget = (id: string) => setGone((before) => new Set([...before, id]))

  return {
    ...pages,
    items: pages.items.filter(({ id }) => !gone.has(id)),
    /** Which one is being ended. */
    busyId,
    forget,
    reload: () => setRound(round + 1),
    /** Ends it, and shows it no more. */
    async remove(id: string, task: () => Promise<unknown>): Promise<void> {
      setBusyId(id)
      try {
        await task()
        forget(id)
      } catch (error) {
        showError(error)
      } finally {
        setBusyId(null)
      }
    },
  }
}

export type OwnList<T extends { readonly id: string }> = ReturnType<typeof useOwnList<T>>
