import type { PanelProps } from "./members-panel"

export function RoomSettings({ room }: PanelProps) {
  return <p>{room.id}</p>
}
