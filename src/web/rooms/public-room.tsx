import { Hash, Users } from "lucide"
import { useState } from "preact/hooks"
import type { ApiRoom } from "../../protocol/answers"
import { useClient, useSelected } from "../state/client"
import { legible } from "../state/legible"
import { navigate, pathTo } from "../state/route"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Button } from "../ui/button"
import { Icon } from "../ui/icon"
import { RoomMark } from "../ui/room-mark"

/** A room that one may join; or open, if one is in it already. */
export function PublicRoom({ room }: { readonly room: ApiRoom }) {
  const client = useClient()
  const isMine = useSelected(client.rooms, (all) => all.some((it) => it.room.id === room.id))
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const { rooms } = t()

  async function join(): Promise<void> {
    setBusy(true)
    setFailure(null)
    try {
      await client.api.rooms.join(room.id)
      navigate(pathTo.room(room.id))
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <li class="public-room">
      <RoomMark node={Hash} />
      <div class="public-room-text">
        <h3>
          <a href={pathTo.room(room.id)}>{legible(room.name, room.id)}</a>
        </h3>
        {room.topic !== null && <p>{room.topic}</p>}
        <p class="public-room-counts">
          <Icon node={Users} size={14} />
          {rooms.members(room.member_count)}
          {room.user_count > 0 && <span>· {rooms.present(room.user_count)}</span>}
        </p>
        {failure !== null && (
          <p class="field-error" role="alert">
            {wordsFor(failure)}
          </p>
        )}
      </div>
      {isMine ? (
        <Button onClick={() => navigate(pathTo.room(room.id))}>{rooms.open}</Button>
      ) : (
        <Button kind="primary" isBusy={isBusy} onClick={() => void join()}>
          {rooms.join}
        </Button>
      )}
    </li>
  )
}
