import { Activity, ChevronsUpDown, LogOut, Settings } from "lucide"
import { useState } from "preact/hooks"
import { useClient, useLive } from "../state/client"
import { forgetAll } from "../state/kept"
import { personName } from "../state/names"
import { navigate, pathTo } from "../state/route"
import { STATUSES, status } from "../state/status"
import { t } from "../strings"
import { Avatar } from "../ui/avatar"
import { ConfirmDialog } from "../ui/confirm-dialog"
import { Icon } from "../ui/icon"
import { Menu, type MenuItem } from "../ui/menu"
import "./me-bar.css"

/** Oneself: how others see it, and what belongs to the account. */
export function MeBar() {
  const client = useClient()
  const me = useLive(client.me)
  const connection = useLive(client.connection)
  const [isLeaving, setLeaving] = useState(false)
  const { rooms, app } = t()
  if (me === null) return null
  const shown = connection.status === "live" ? status.value : "offline"

  const items: readonly MenuItem[] = [
    ...STATUSES.map((it) => ({
      label: app.presence[it],
      isChecked: it === status.value,
      onSelect: () => {
        status.value = it
      },
    })),
    { label: rooms.settings, icon: Settings, onSelect: () => navigate(pathTo.settings()) },
    ...(me.role === "admin"
      ? [{ label: rooms.administration, icon: Activity, onSelect: () => navigate(pathTo.admin()) }]
      : []),
    { label: rooms.signOut, icon: LogOut, onSelect: () => setLeaving(true) },
  ]

  async function signOut(): Promise<void> {
    forgetAll("draft")
    await client.logout()
    navigate(pathTo.home(), { replace: true })
  }

  return (
    <div class="me-bar">
      <Menu
        label={rooms.me}
        items={items}
        trigger={({ onClick, isOpen }) => (
          <button
            type="button"
            class="me-button"
            aria-haspopup="menu"
            aria-expanded={isOpen}
            onClick={onClick}
          >
            {/* The dot says what stands beside it in words. */}
            <span aria-hidden="true">
              <Avatar profile={me} size={32} presence={shown} />
            </span>
            <span class="me-name">
              <b>{personName(me)}</b>
              <small>{app.presence[shown]}</small>
            </span>
            <Icon node={ChevronsUpDown} size={16} />
          </button>
        )}
      />
      {isLeaving && (
        <ConfirmDialog
          title={rooms.signOutTitle}
          text={rooms.signOutText}
          confirm={rooms.signOut}
          onConfirm={signOut}
          onClose={() => setLeaving(false)}
        />
      )}
    </div>
  )
}
