import type { PanelProps } from "./members-panel"

export function PinsPanel({ room }: PanelProps) {
  return <p>{room.id}</p>
}
