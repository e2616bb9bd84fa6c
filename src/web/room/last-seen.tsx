import { useEffect, useState } from "preact/hooks"
import { useClient, useLive } from "../state/client"
import { t } from "../strings"
import { Time } from "../ui/time"

/** Whether somebody is here, else when they were. Asked of the server where nothing was heard. */
export function LastSeen({ userId }: { readonly userId: string }) {
  const client = useClient()
  const presence = useLive(client.presence).get(userId)
  const [known, setKnown] = useState<string | null>(null)
  const isUnheard = presence === undefined

  useEffect(() => {
    if (!isUnheard) return
    let isShown = true
    client.api.users.get(userId).then(
      (user) => isShown && setKnown(user.last_seen_at),
      // It is a small thing that is missing then, and says so: "offline".
      () => undefined,
    )
    return () => {
      isShown = false
    }
  }, [client, userId, isUnheard])

  const status = presence?.status ?? "offline"
  const at = presence?.lastSeenAt ?? known
  if (status !== "offline" || at === null) return <span>{t().app.presence[status]}</span>
  return (
    <span>
      {t().room.lastSeen} <Time iso={at} style="relative" />
    </span>
  )
}
