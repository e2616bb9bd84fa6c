import { Activity, ChevronsUpDown, CircleMinus, CircleUser, LogOut, Moon, Settings } from "lucide"
import { signingOut } from "../palette/palette-state"
import { useClient, useLive } from "../state/client"
import { personName } from "../state/names"
import { navigate, pathTo } from "../state/route"
import { STATUSES, status } from "../state/status"
import { t } from "../strings"
import { Avatar } from "../ui/avatar"
import { Icon } from "../ui/icon"
import { Menu, type MenuItem } from "../ui/menu"
import "./me-bar.css"

const STATUS_ICONS = { online: CircleUser, away: Moon, dnd: CircleMinus } as const

/** The palette offers it, too, and its dialog stands there. */
function askToSignOut(): void {
  signingOut.value = true
}

/** Oneself: how others see it, and what belongs to the account. */
export function MeBar() {
  const client = useClient()
  const me = useLive(client.me)
  const connection = useLive(client.connection)
  const { rooms, app } = t()
  if (me === null) return null
  const shown = connection.status === "live" ? status.value : "offline"

  const items: readonly MenuItem[] = [
    ...STATUSES.map((it) => ({
      label: app.presence[it],
      icon: STATUS_ICONS[it],
      isChecked: it === status.value,
      onSelect: () => {
        status.value = it
      },
    })),
    { label: rooms.settings, icon: Settings, onSelect: () => navigate(pathTo.settings()) },
    ...(me.role === "admin"
      ? [{ label: rooms.administration, icon: Activity, onSelect: () => navigate(pathTo.admin()) }]
      : []),
    { label: rooms.signOut, icon: LogOut, onSelect: askToSignOut },
  ]

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
    </div>
  )
}
