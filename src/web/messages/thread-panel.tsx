import type { RoomHandle } from "../../client/client"
import { useLive } from "../state/client"

export interface ThreadPanelProps {
  readonly room: RoomHandle
  readonly messageId: string
  readonly onClose: () => void
}

export function ThreadPanel({ room, messageId }: ThreadPanelProps) {
  const { messages } = useLive(room.thread(messageId).state)
  return (
    <ol>
      {messages.map((it) => (
        <li key={it.id}>{it.content}</li>
      ))}
    </ol>
  )
}
