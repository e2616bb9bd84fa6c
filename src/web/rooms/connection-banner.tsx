import { useEffect, useState } from "preact/hooks"
import type { ConnectionState } from "../../client/client"
import { useClient, useLive } from "../state/client"
import { t } from "../strings"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"

/** Most connections stand sooner than that, and then nothing is said of it. */
const SAID_AFTER_MS = 2_000

/** What somebody must know of the connection: nothing, as long as it is there. */
export function ConnectionBanner() {
  const client = useClient()
  const state = useLive(client.connection)
  const isSlow = useIsSlow(state.status === "connecting")
  const words = t().rooms
  switch (state.status) {
    case "idle":
    case "live":
      return null
    case "connecting":
      return isSlow ? <Banner kind="info">{words.connecting}</Banner> : null
    case "waiting":
      if (!state.isOnline) return <Banner kind="warn">{words.offline}</Banner>
      return <Waiting retryAt={state.retryAt} onRetry={() => client.connect()} />
    case "ended":
      return <Ended reason={state.reason} />
  }
}

function useIsSlow(isWaiting: boolean): boolean {
  const [isSlow, setSlow] = useState(false)
  useEffect(() => {
    setSlow(false)
    if (!isWaiting) return
    const timer = setTimeout(() => setSlow(true), SAID_AFTER_MS)
    return () => clearTimeout(timer)
  }, [isWaiting])
  return isSlow
}

/** Counts the seconds down; only the words before it are read out. */
function Waiting({ retryAt, onRetry }: { readonly retryAt: number; readonly onRetry: () => void }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  const { reconnectingIn, tryNow } = t().rooms
  const seconds = Math.max(0, Math.ceil((retryAt - now) / 1_000))
  return (
    <div class="connection-waiting">
      <Banner kind="warn" action={<Button onClick={onRetry}>{tryNow}</Button>}>
        {reconnectingIn(seconds)}
      </Banner>
    </div>
  )
}

type Reason = Extract<ConnectionState, { status: "ended" }>["reason"]

function Ended({ reason }: { readonly reason: Reason }) {
  const { rooms, app } = t()
  const words = {
    session: rooms.endedSession,
    banned: rooms.endedBanned,
    connections: rooms.endedConnections,
    protocol: rooms.endedProtocol,
  }[reason]
  const reload = <Button onClick={() => location.reload()}>{app.reload}</Button>
  return (
    <Banner kind="danger" action={reload}>
      {words}
    </Banner>
  )
}
