import { useEffect, useState } from "preact/hooks"
import type { ApiUser } from "../../protocol/answers"
import { useClient } from "../state/client"

/** Not each letter is a question. */
const WAIT_MS = 180

export interface FoundPeople {
  readonly people: readonly ApiUser[]
  /** What was asked last has been answered. */
  readonly isDone: boolean
  readonly failure: unknown
}

const NOBODY: FoundPeople = { people: [], isDone: false, failure: null }

/** People whose name holds what was typed, by the server. Nothing typed: nobody. */
export function usePeople(query: string, limit: number): FoundPeople {
  const client = useClient()
  const [found, setFound] = useState(NOBODY)
  const wanted = query.trim().replace(/^@/, "")

  useEffect(() => {
    if (wanted === "") return setFound(NOBODY)
    let isWanted = true
    // What was found before stays until the answer is there, so nothing flickers.
    setFound((before) => ({ ...before, isDone: false }))
    const timer = setTimeout(() => {
      client.api.users.list({ query: wanted, limit }).then(
        ({ items }) => isWanted && setFound({ people: items, isDone: true, failure: null }),
        (failure: unknown) => isWanted && setFound({ people: [], isDone: true, failure }),
      )
    }, WAIT_MS)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [client, wanted, limit])

  return wanted === "" ? NOBODY : found
}
