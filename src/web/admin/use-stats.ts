import { useEffect, useState } from "preact/hooks"
import { useClient } from "../state/client"
import { addStats, EMPTY_LOG, type StatsLog } from "./stats-log"

const EVERY_MS = 2_000

interface Stats extends StatsLog {
  /** Why the last look failed; null: it did not. */
  readonly failure: unknown
}

/**
 * The server's figures, looked at every two seconds for as long as somebody may see them. Where a
 * look fails the next one comes all the same: what was seen before stays.
 */
export function useStats(): Stats {
  const { api } = useClient()
  const [stats, setStats] = useState<Stats>({ ...EMPTY_LOG, failure: null })

  useEffect(() => {
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined

    async function look(): Promise<void> {
      timer = undefined
      try {
        const seen = await api.admin.stats()
        if (!isOver) setStats((log) => ({ ...addStats(log, seen), failure: null }))
      } catch (failure) {
        if (!isOver) setStats((log) => ({ ...log, failure }))
      }
      if (!isOver && document.visibilityState === "visible") {
        timer = setTimeout(() => void look(), EVERY_MS)
      } else {
        isWaiting = true
      }
    }
    /** For somebody to look at the page again. */
    let isWaiting = false
    function onVisible(): void {
      if (document.visibilityState !== "visible" || !isWaiting) return
      isWaiting = false
      void look()
    }

    document.addEventListener("visibilitychange", onVisible)
    void look()
    return () => {
      isOver = true
      clearTimeout(timer)
      document.removeEventListener("visibilitychange", onVisible)
    }
  }, [api])
  return stats
}
