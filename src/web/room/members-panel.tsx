import type { RoomHandle } from "../../client/client"
import { useLive } from "../state/client"

export interface PanelProps {
  readonly room: RoomHandle
  readonly onClose: () => void
}

export function MembersPanel({ room }: PanelProps) {
  const members = useLive(room.members)
  return <p>{members.size}</p>
}
