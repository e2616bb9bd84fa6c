import { Globe, Lock, MessagesSquare } from "lucide"
import type { ApiRoom } from "../../protocol/answers"
import { useClient } from "../state/client"
import { pathTo } from "../state/route"
import { t } from "../strings"
import { Icon } from "../ui/icon"
import { Time } from "../ui/time"
import { Listing } from "./listing"

/** All rooms of the server but conversations. What is said in private ones stays there. */
export function AllRooms() {
  const { api } = useClient()
  const { admin } = t()
  return (
    <Listing
      search={admin.searchRooms}
      load={api.admin.rooms}
      icon={MessagesSquare}
      label={admin.rooms}
      columns={[admin.name, admin.members, admin.present, admin.changes, admin.since]}
      row={(room) => <RoomRow key={room.id} room={room} />}
    />
  )
}

function RoomRow({ room }: { readonly room: ApiRoom }) {
  const { admin } = t()
  const isPublic = room.type === "public"
  return (
    <tr class="listing-row">
      <th scope="row" class="listing-who">
        <Icon node={isPublic ? Globe : Lock} />
        <span class="listing-names">
          {isPublic ? (
            <a class="listing-name" href={pathTo.room(room.id)}>
              {room.name}
            </a>
          ) : (
            <span class="listing-name">{room.name}</span>
          )}
          <span class="listing-note">{isPublic ? admin.publicRoom : admin.privateRoom}</span>
        </span>
      </th>
      <td data-label={admin.members}>{room.member_count}</td>
      <td data-label={admin.present}>{room.user_count}</td>
      <td data-label={admin.changes}>{room.head}</td>
      <td data-label={admin.since}>
        <Time iso={room.created_at} style="relative" />
      </td>
    </tr>
  )
}
