import { useEffect, useState } from "preact/hooks"
import type { Client } from "../../client/client"
import { useClient } from "../state/client"

/** Whoever has blocked more people than that may have to look for one in the settings. */
const PAGES_MAX = 10
const PAGE_ITEMS = 200

/** Whether I have blocked somebody; null: not known yet. `turn` throws what the server says. */
export function useBlocked(userId: string) {
  const client = useClient()
  const [isBlocked, setBlocked] = useState<boolean | null>(null)
  useEffect(() => {
    let isShown = true
    isAmongBlocked(client, userId).then(
      (found) => isShown && setBlocked(found),
      // One may still block them: to block somebody twice changes nothing.
      () => isShown && setBlocked(false),
    )
    return () => {
      isShown = false
    }
  }, [client, userId])

  async function turn(): Promise<void> {
    if (isBlocked === true) await client.api.users.unblock(userId)
    else await client.api.users.block(userId)
    setBlocked(isBlocked !== true)
  }

  return { isBlocked, turn }
}

async function isAmongBlocked({ api }: Pick<Client, "api">, userId: string): Promise<boolean> {
  let cursor: string | null = null
  for (let page = 0; page < PAGES_MAX; page++) {
    const { items, cursor: next }: Awaited<ReturnType<typeof api.users.blocks>> =
      await api.users.blocks({ cursor, limit: PAGE_ITEMS })
    if (items.some(({ id }) => id === userId)) return true
    if (next === null) return false
    cursor = next
  }
  return false
}
