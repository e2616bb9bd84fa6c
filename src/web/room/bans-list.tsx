import { ShieldCheck } from "lucide"
import { useState } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import type { ApiBan } from "../../protocol/answers"
import { useClient } from "../state/client"
import { personName } from "../state/names"
import { isForever } from "../state/rights"
import { showToast } from "../state/toasts"
import { usePages } from "../state/use-pages"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Avatar } from "../ui/avatar"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { EmptyState } from "../ui/empty-state"
import { MorePages } from "./more-pages"
import { sayWhen } from "./say-when"

/** Who is kept out of a room. For those who moderate it. */
export function BansList({ room }: { readonly room: RoomHandle }) {
  const client = useClient()
  const bans = usePages(room.id, (cursor) => client.api.rooms.bans(room.id, { cursor }))
  const words = t().room.panel
  const isEmpty = !bans.isLoading && bans.failure === null && bans.items.length === 0
  return (
    <div class="panel-scroll">
      {isEmpty && <EmptyState icon={ShieldCheck} title={words.noBans} />}
      <ul>
        {bans.items.map((ban) => (
          <BanRow
            key={ban.user_id}
            ban={ban}
            onLift={async () => {
              await client.api.rooms.unban(room.id, ban.user_id)
              bans.change((items) => items.filter((it) => it.user_id !== ban.user_id))
              showToast(words.lifted(personName(ban.user)))
            }}
          />
        ))}
      </ul>
      <MorePages pages={bans} />
    </div>
  )
}

interface BanRowProps {
  readonly ban: ApiBan
  readonly onLift: () => Promise<void>
}

function BanRow({ ban, onLift }: BanRowProps) {
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const words = t().room.panel
  const end = ban.until === null || isForever(ban.until) ? null : ban.until

  async function lift(): Promise<void> {
    setBusy(true)
    try {
      await onLift()
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }

  return (
    <li>
      <div class="ban-row">
        <Avatar profile={ban.user} size={32} />
        <span class="row-words">
          <span class="member-name">{personName(ban.user)}</span>
          <span class="row-note">
            {end === null ? words.forever : words.until(sayWhen(end))}
            {ban.reason !== null && ` · ${ban.reason}`}
          </span>
        </span>
        <Button isBusy={isBusy} onClick={() => void lift()}>
          {words.liftBan}
        </Button>
      </div>
      {failure !== null && (
        <div class="panel-note">
          <Banner kind="danger">{wordsFor(failure)}</Banner>
        </div>
      )}
    </li>
  )
}
