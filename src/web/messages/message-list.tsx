import type { RoomHandle } from "../../client/client"
import { useLive } from "../state/client"

export interface MessageListProps {
  readonly room: RoomHandle
  /** A seq to jump to. */
  readonly at: number | null
}

export function MessageList({ room }: MessageListProps) {
  const { messages } = useLive(room.timeline.state)
  return (
    <ol>
      {messages.map((it) => (
        <li key={it.id}>{it.content}</li>
      ))}
    </ol>
  )
}
