import { Users } from "lucide"
import { useState } from "preact/hooks"
import type { AdminUser } from "../../client/api"
import { useClient, useLive } from "../state/client"
import { personName } from "../state/names"
import { showToast } from "../state/toasts"
import { t } from "../strings"
import { Avatar } from "../ui/avatar"
import { Button } from "../ui/button"
import { ConfirmDialog } from "../ui/confirm-dialog"
import { Time } from "../ui/time"
import { Listing } from "./listing"

/** All accounts of the server, to find one and to keep somebody out. */
export function Accounts() {
  const { api } = useClient()
  const [changed, setChanged] = useState<ReadonlyMap<string, AdminUser>>(new Map())
  const [asked, setAsked] = useState<AdminUser | null>(null)
  const { admin } = t()

  async function setDisabled({ id }: AdminUser, isDisabled: boolean): Promise<void> {
    const user = await api.admin.setDisabled(id, isDisabled)
    setChanged((before) => new Map(before).set(id, user))
    showToast((isDisabled ? admin.wasDisabled : admin.wasEnabled)(user.username))
  }

  return (
    <>
      <Listing
        search={admin.searchAccounts}
        load={api.admin.users}
        icon={Users}
        label={admin.accounts}
        columns={[admin.name, admin.email, admin.since, admin.lastSeen, admin.state]}
        row={(user) => (
          <AccountRow key={user.id} user={changed.get(user.id) ?? user} onAsk={setAsked} />
        )}
      />
      {asked !== null && asked.disabled_at === null && (
        <ConfirmDialog
          isDanger
          title={admin.disableTitle(asked.username)}
          text={admin.disableText}
          confirm={admin.disable}
          onConfirm={() => setDisabled(asked, true)}
          onClose={() => setAsked(null)}
        />
      )}
      {asked !== null && asked.disabled_at !== null && (
        <ConfirmDialog
          title={admin.enableTitle(asked.username)}
          text={admin.enableText}
          confirm={admin.enable}
          onConfirm={() => setDisabled(asked, false)}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  )
}

interface AccountRowProps {
  readonly user: AdminUser
  /** About disabling it, or enabling it again. */
  readonly onAsk: (user: AdminUser) => void
}

function AccountRow({ user, onAsk }: AccountRowProps) {
  const me = useLive(useClient().me)
  const { admin } = t()
  const isDisabled = user.disabled_at !== null
  return (
    <tr class={isDisabled ? "listing-row listing-row-off" : "listing-row"}>
      <th scope="row" class="listing-who">
        <Avatar profile={user} size={32} />
        <span class="listing-names">
          <span class="listing-name">{personName(user)}</span>
          <span class="listing-note">
            @{user.username}
            {user.role === "admin" && <span class="listing-tag">{admin.admin}</span>}
          </span>
        </span>
      </th>
      <td data-label={admin.email}>{user.email ?? "–"}</td>
      <td data-label={admin.since}>
        <Time iso={user.created_at} style="relative" />
      </td>
      <td data-label={admin.lastSeen}>
        {user.last_seen_at === null ? "–" : <Time iso={user.last_seen_at} style="relative" />}
      </td>
      <td class="listing-act">
        {user.id === me?.id ? (
          <span class="listing-note">{admin.yourself}</span>
        ) : (
          <Button kind={isDisabled ? "plain" : "quiet"} onClick={() => onAsk(user)}>
            {isDisabled ? admin.enable : admin.disable}
            <span class="visually-hidden"> {user.username}</span>
          </Button>
        )}
        {user.disabled_at !== null && <span class="listing-off">{admin.disabled}</span>}
      </td>
    </tr>
  )
}
