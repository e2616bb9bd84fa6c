import { useEffect, useState } from "preact/hooks"
import type { ApiProfile } from "../../protocol/answers"
import { useClient } from "../state/client"

/** Somebody by id: as they are known, else as the server says. */
export function usePerson(userId: string, known: ApiProfile | null) {
  const client = useClient()
  const [asked, setAsked] = useState<ApiProfile | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const isKnown = known !== null
  useEffect(() => {
    if (isKnown) return
    let isShown = true
    client.api.users.get(userId).then(
      (user) => isShown && setAsked(user),
      (error: unknown) => isShown && setFailure(error),
    )
    return () => {
      isShown = false
    }
  }, [client, userId, isKnown])
  return { person: known ?? asked, failure }
}
