import { useState } from "preact/hooks"
import { roomName } from "../state/names"
import { canInvite, isMemberOf } from "../state/rights"
import { t } from "../strings"
import { Dialog } from "../ui/dialog"
import { Tabs } from "../ui/tabs"
import type { PanelProps } from "./members-panel"
import { RoomAbout } from "./room-about"
import { RoomInvites } from "./room-invites"
import { RoomMine } from "./room-mine"
import { useStanding } from "./use-standing"
import "./room-settings.css"

type Tab = "about" | "invites" | "me"

/** What can be set of a room: what it is for those who own it, and what it is to oneself. */
export function RoomSettings({ room, onClose }: PanelProps) {
  const standing = useStanding(room)
  const [tab, setTab] = useState<Tab>("about")
  if (standing === null) return null
  const words = t().room.details
  const tabs: readonly { readonly id: Tab; readonly label: string }[] = [
    { id: "about", label: words.about },
    ...(canInvite(standing) ? [{ id: "invites", label: words.invites } as const] : []),
    ...(isMemberOf(standing) ? [{ id: "me", label: words.me } as const] : []),
  ]
  const shown = tabs.some(({ id }) => id === tab) ? tab : "about"
  return (
    <Dialog title={words.title(roomName(standing.view))} onClose={onClose}>
      <Tabs label={words.tabs} tabs={tabs} current={shown} onSelect={setTab} />
      <div role="tabpanel" aria-label={tabs.find(({ id }) => id === shown)?.label}>
        {shown === "about" && <RoomAbout room={room} standing={standing} onGone={onClose} />}
        {shown === "invites" && <RoomInvites room={room} standing={standing} />}
        {shown === "me" && <RoomMine room={room} standing={standing} onGone={onClose} />}
      </div>
    </Dialog>
  )
}
