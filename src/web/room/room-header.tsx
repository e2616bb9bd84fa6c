import {
  EllipsisVertical,
  Hash,
  Lock,
  Pin,
  Search,
  Settings2,
  StickyNote,
  UsersRound,
} from "lucide"
import { useClient, useLive } from "../state/client"
import { roomName } from "../state/names"
import { navigate, pathTo } from "../state/route"
import { type SidePanel, sidePanel, togglePanel } from "../state/side-panel"
import { t } from "../strings"
import { Avatar } from "../ui/avatar"
import { BackButton } from "../ui/back-button"
import { IconButton } from "../ui/icon-button"
import { Menu } from "../ui/menu"
import { RoomMark } from "../ui/room-mark"
import { LastSeen } from "./last-seen"
import type { RoomStanding } from "./use-standing"
import "./room-header.css"

export interface RoomHeaderProps {
  readonly standing: RoomStanding
  /** A thread is open in place of a panel: then no panel is. */
  readonly isThreadOpen: boolean
  readonly onDetails: () => void
}

export function RoomHeader({ standing, isThreadOpen, onDetails }: RoomHeaderProps) {
  const { view } = standing
  const title = roomName(view)
  return (
    <header class="room-header">
      <BackButton />
      <RoomFace standing={standing} />
      <div class="room-names">
        <h1 class="room-title" id="room-title" tabIndex={-1}>
          {title}
        </h1>
        <p class="room-line">
          <RoomLine standing={standing} />
        </p>
      </div>
      <HeaderButtons standing={standing} isThreadOpen={isThreadOpen} onDetails={onDetails} />
    </header>
  )
}

function RoomFace({ standing: { view } }: { readonly standing: RoomStanding }) {
  const presence = useLive(useClient().presence)
  const [first, ...others] = view.people
  if (view.room.type === "direct" && first !== undefined && others.length === 0) {
    const status = presence.get(first.id)?.status ?? "offline"
    return <Avatar profile={first} size={36} presence={status} />
  }
  const node = {
    direct: view.people.length === 0 ? StickyNote : UsersRound,
    public: Hash,
    private: Lock,
  }
  return <RoomMark node={node[view.room.type]} />
}

/** Below the name: of a room its topic and how many are in it, of a conversation who is there. */
function RoomLine({ standing: { view } }: { readonly standing: RoomStanding }) {
  const { room, people } = view
  const [first, ...others] = people
  if (room.type !== "direct") {
    return (
      <>
        <span>{t().room.people(room.member_count)}</span>
        {room.user_count > 0 && <span>{t().room.here(room.user_count)}</span>}
        {room.topic !== null && room.topic !== "" && (
          <span class="room-topic" title={room.topic}>
            {room.topic}
          </span>
        )}
      </>
    )
  }
  if (first === undefined) return null
  if (others.length === 0) return <LastSeen userId={first.id} />
  return <span>{t().room.people(people.length + 1)}</span>
}

function HeaderButtons({ standing, isThreadOpen, onDetails }: RoomHeaderProps) {
  const { room } = standing
  const words = t().room
  const open = isThreadOpen ? null : sidePanel.value
  const show = (panel: SidePanel) => () => {
    // The panel takes the place of the thread.
    if (isThreadOpen) navigate(pathTo.room(standing.view.room.id))
    if (isThreadOpen) sidePanel.value = panel
    else togglePanel(panel)
  }
  const hasDetails = room.type !== "direct"
  const all = [
    { icon: UsersRound, label: words.members, panel: "members" },
    { icon: Pin, label: words.pins, panel: "pins" },
    { icon: Search, label: words.search, panel: "search" },
  ] as const
  const items = [
    ...all.map(({ icon, label, panel }) => ({ icon, label, onSelect: show(panel) })),
    ...(hasDetails ? [{ icon: Settings2, label: words.settings, onSelect: onDetails }] : []),
  ]
  return (
    <>
      <div class="room-buttons">
        {all.map(({ icon, label, panel }) => (
          <IconButton
            key={panel}
            icon={icon}
            label={label}
            isPressed={open === panel}
            onClick={show(panel)}
          />
        ))}
        {hasDetails && <IconButton icon={Settings2} label={words.settings} onClick={onDetails} />}
      </div>
      <div class="room-buttons-small">
        <Menu
          label={words.more}
          items={items}
          trigger={({ onClick, isOpen }) => (
            <IconButton
              icon={EllipsisVertical}
              label={words.more}
              isPressed={isOpen}
              onClick={onClick}
            />
          )}
        />
      </div>
    </>
  )
}
