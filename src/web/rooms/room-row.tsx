import { BellOff, Hash, Lock, Pencil, UsersRound } from "lucide"
import type { RoomView } from "../../client/client"
import { useClient, useSelected } from "../state/client"
import { roomName } from "../state/names"
import { pathTo } from "../state/route"
import { t } from "../strings"
import { Avatar } from "../ui/avatar"
import { Badge } from "../ui/badge"
import { Icon } from "../ui/icon"
import { askedPresence } from "./partner-presence"
import "./room-row.css"

export interface RoomRowProps {
  readonly view: RoomView
  readonly isCurrent: boolean
  /** The one of the list that Tab comes to. */
  readonly isTabStop: boolean
  readonly hasDraft: boolean
  readonly isMuted: boolean
  readonly onMenu: (view: RoomView, place: DOMRect) => void
}

/** One line of the list. Drawn again only when something of it is another. */
export function RoomRow({ view, isCurrent, isTabStop, hasDraft, isMuted, onMenu }: RoomRowProps) {
  const { rooms } = t()
  const isUnread = view.unread > 0 && !isMuted
  return (
    <li class="room-item">
      <a
        class={isUnread ? "room-row room-row-unread" : "room-row"}
        href={pathTo.room(view.room.id)}
        aria-current={isCurrent ? "page" : undefined}
        tabIndex={isTabStop ? 0 : -1}
        onContextMenu={(event) => {
          event.preventDefault()
          const { clientX: left, clientY: top } = event
          const isByKey = left === 0 && top === 0
          const row = event.currentTarget.getBoundingClientRect()
          onMenu(view, isByKey ? row : new DOMRect(left, top))
        }}
      >
        <RowMark view={view} />
        <span class="room-row-name">{roomName(view)}</span>
        {view.typing.length > 0 && (
          <span class="typing-dots" title={rooms.typing}>
            <i />
            <i />
            <i />
            <span class="visually-hidden">{rooms.typing}</span>
          </span>
        )}
        {hasDraft && !isCurrent && <Note node={Pencil} text={rooms.draft} />}
        {isMuted && <Note node={BellOff} text={rooms.muted} />}
        {view.mentions > 0 ? (
          <Badge count={view.mentions} isMention label={rooms.mentions(view.mentions)} />
        ) : (
          !isMuted && (
            <Badge
              count={view.unread}
              isMention={view.room.type === "direct"}
              label={rooms.unread(view.unread)}
            />
          )
        )}
      </a>
    </li>
  )
}

const Note = ({ node, text }: { readonly node: typeof Pencil; readonly text: string }) => (
  <span class="room-row-note" title={text}>
    <Icon node={node} size={14} />
    <span class="visually-hidden">{text}</span>
  </span>
)

/** What stands before the name: the kind of room, or who it is with. */
function RowMark({ view }: { readonly view: RoomView }) {
  const [person] = view.people
  if (view.room.type === "direct" && person !== undefined && view.people.length === 1) {
    return <PersonMark person={person} />
  }
  const node = { public: Hash, private: Lock, direct: UsersRound }[view.room.type]
  return (
    <span class="room-row-mark">
      <Icon node={node} size={16} />
    </span>
  )
}

function PersonMark({ person }: { readonly person: RoomView["people"][number] }) {
  const client = useClient()
  const heard = useSelected(client.presence, (all) => all.get(person.id)?.status)
  const status = heard ?? askedPresence.value.get(person.id) ?? "offline"
  return <Avatar profile={person} size={22} presence={status} />
}
