import { useState } from "preact/hooks"
import { useClient } from "../state/client"
import { mutedRooms } from "../state/preferences"
import { canLeave } from "../state/rights"
import { navigate, pathTo } from "../state/route"
import { showToast } from "../state/toasts"
import { t } from "../strings"
import { Button } from "../ui/button"
import { ConfirmDialog } from "../ui/confirm-dialog"
import { Switch } from "../ui/switch"
import type { RoomPartProps } from "./room-about"

/** What a room is to oneself: whether it may call, and the way out. */
export function RoomMine({ room, standing, onGone }: RoomPartProps) {
  const client = useClient()
  const [isAsked, setAsked] = useState(false)
  const { name, type } = standing.view.room
  const words = t().room.details
  const isQuiet = mutedRooms.value.has(room.id)

  function setNotified(isOn: boolean): void {
    const next = new Set(mutedRooms.value)
    if (isOn) next.delete(room.id)
    else next.add(room.id)
    mutedRooms.value = next
  }

  async function leave(): Promise<void> {
    await client.api.rooms.leave(room.id)
    showToast(words.left(name))
    onGone()
    navigate(pathTo.home())
  }

  return (
    <>
      <section class="room-part">
        <div class="field">
          <Switch label={words.notify} isOn={!isQuiet} onChange={setNotified} />
          <p class="field-hint">{words.notifyHint}</p>
        </div>
      </section>
      {canLeave(standing) && (
        <section class="room-part">
          <p class="row-note">{words.leaveHelp}</p>
          <div>
            <Button onClick={() => setAsked(true)}>{words.leave}</Button>
          </div>
        </section>
      )}
      {isAsked && (
        <ConfirmDialog
          title={words.leaveTitle(name)}
          text={type === "public" ? words.leavePublic : words.leavePrivate}
          confirm={words.leave}
          isDanger
          onConfirm={leave}
          onClose={() => setAsked(false)}
        />
      )}
    </>
  )
}
