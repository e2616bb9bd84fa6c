import { Bell, BellOff, CheckCheck, LogOut } from "lucide"
import type { RoomView } from "../../client/client"
import { useClient } from "../state/client"
import { roomName } from "../state/names"
import { mutedRooms } from "../state/preferences"
import { navigate, pathTo, route } from "../state/route"
import { t } from "../strings"
import { ConfirmDialog } from "../ui/confirm-dialog"
import { type MenuItem, MenuList } from "../ui/menu"

export interface RoomMenuProps {
  readonly view: RoomView
  readonly place: DOMRect
  readonly onLeave: () => void
  readonly onClose: () => void
}

/** What can be done with a room without opening it. */
export function RoomMenu({ view, place, onLeave, onClose }: RoomMenuProps) {
  const client = useClient()
  const words = t().rooms
  const { id, type, head } = view.room
  const isMuted = mutedRooms.value.has(id)

  function toggleMuted(): void {
    const others = [...mutedRooms.value].filter((it) => it !== id)
    mutedRooms.value = new Set(isMuted ? others : [...others, id])
  }

  const items: readonly MenuItem[] = [
    {
      label: words.markRead,
      icon: CheckCheck,
      isDisabled: view.unread === 0,
      onSelect: () => client.room(id).markRead(head),
    },
    {
      label: isMuted ? words.unmuteNotifications : words.muteNotifications,
      icon: isMuted ? Bell : BellOff,
      onSelect: toggleMuted,
    },
    ...(type === "direct"
      ? []
      : [{ label: words.leave, icon: LogOut, isDanger: true, onSelect: onLeave }]),
  ]
  return (
    <MenuList
      label={words.actions(roomName(view))}
      items={items}
      anchor={place}
      onClose={onClose}
    />
  )
}

/** Asks once more: a private room lets nobody back in by themselves. */
export function LeaveDialog({
  view,
  onClose,
}: {
  readonly view: RoomView
  readonly onClose: () => void
}) {
  const client = useClient()
  const words = t().rooms

  async function leave(): Promise<void> {
    await client.api.rooms.leave(view.room.id)
    const { value: here } = route
    const isHere = here.name === "room" && here.roomId === view.room.id
    if (isHere) navigate(pathTo.home(), { replace: true })
  }

  return (
    <ConfirmDialog
      title={words.leaveTitle(roomName(view))}
      text={view.room.type === "private" ? words.leavePrivate : words.leaveText}
      confirm={words.leave}
      isDanger
      onConfirm={leave}
      onClose={onClose}
    />
  )
}
