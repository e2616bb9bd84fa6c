import { Monitor } from "lucide"
import { useState } from "preact/hooks"
import type { ApiSession } from "../../protocol/answers"
import { useClient } from "../state/client"
import { t } from "../strings"
import { Button } from "../ui/button"
import { ConfirmDialog } from "../ui/confirm-dialog"
import { Icon } from "../ui/icon"
import { Time } from "../ui/time"
import { deviceOf } from "./device"
import { Named } from "./named"
import { PagedList } from "./paged-list"
import { useOwnList } from "./use-own-list"

/** Where one is signed in; the current one cannot be ended here, for that one signs out. */
export function SessionList() {
  const client = useClient()
  const [isAsking, setAsking] = useState(false)
  const list = useOwnList((cursor) => client.api.auth.sessions({ cursor }))
  const words = t().settings
  const others = list.items.filter((it) => !it.current)

  async function endOthers(): Promise<void> {
    for (const { id } of others) {
      await client.api.auth.endSession(id)
      list.forget(id)
    }
  }

  return (
    <section class="settings-part">
      <div class="settings-part-head">
        <h2>{words.sessions}</h2>
        {others.length > 0 && (
          <Button onClick={() => setAsking(true)}>{words.sessionEndOthers}</Button>
        )}
      </div>
      <p class="field-hint">{words.sessionsHelp}</p>
      <PagedList list={list} none={words.sessionUnknown}>
        {(session) => (
          <SessionRow
            session={session}
            isBusy={list.busyId === session.id}
            onEnd={() => void list.remove(session.id, () => client.api.auth.endSession(session.id))}
          />
        )}
      </PagedList>
      {isAsking && (
        <ConfirmDialog
          title={words.sessionEndOthersTitle}
          text={words.sessionEndOthersText}
          confirm={words.sessionEndOthers}
          isDanger
          onConfirm={endOthers}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  )
}

interface SessionRowProps {
  readonly session: ApiSession
  readonly isBusy: boolean
  readonly onEnd: () => void
}

function SessionRow({ session, isBusy, onEnd }: SessionRowProps) {
  const words = t().settings
  const device = deviceOf(session.user_agent)
  const name = device === null ? words.sessionUnknown : words.device(device.browser, device.system)
  return (
    <div class="settings-row">
      <Icon node={Monitor} />
      <span class="settings-row-words">
        <b>{name}</b>
        <small>
          {session.address ?? ""} · {words.sessionUsed}{" "}
          <Time iso={session.last_used_at} style="relative" />
        </small>
      </span>
      {session.current ? (
        <span class="settings-mark">{words.sessionThis}</span>
      ) : (
        <Button isBusy={isBusy} onClick={onEnd}>
          <Named shown={words.sessionEnd} name={words.sessionEndOf(name)} />
        </Button>
      )}
    </div>
  )
}
