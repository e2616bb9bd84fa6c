import type { IconNode } from "lucide"
import { Icon } from "./icon"
import "./room-mark.css"

/** What stands before a room where a person has their picture: of which kind it is. */
export function RoomMark({ node }: { readonly node: IconNode }) {
  return (
    <span class="room-mark">
      <Icon node={node} size={20} />
    </span>
  )
}
