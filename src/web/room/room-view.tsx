import { useEffect, useMemo } from "preact/hooks"
import { Composer } from "../composer/composer"
import { MessageList } from "../messages/message-list"
import { useClient, useLive } from "../state/client"

export interface RoomViewProps {
  readonly roomId: string
  readonly at: number | null
  readonly threadId: string | null
}

export function RoomView({ roomId, at }: RoomViewProps) {
  const client = useClient()
  const room = useMemo(() => client.room(roomId), [client, roomId])
  useEffect(() => {
    void room.timeline.open()
    return () => room.close()
  }, [room])
  const view = useLive(room.view)
  return (
    <section>
      <h1>{view?.room.name}</h1>
      <MessageList room={room} at={at} />
      <Composer room={room} />
    </section>
  )
}
