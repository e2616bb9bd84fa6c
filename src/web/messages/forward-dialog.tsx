import { useMemo, useRef, useState } from "preact/hooks"
import type { RoomView } from "../../client/client"
import type { ApiMessage } from "../../protocol/answers"
import { useClient } from "../state/client"
import { roomName } from "../state/names"
import { showToast } from "../state/toasts"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Avatar } from "../ui/avatar"
import { Banner } from "../ui/banner"
import { Dialog } from "../ui/dialog"
import { TextInput } from "../ui/input"
import { useFrame } from "./use-frame"

interface ForwardDialogProps {
  readonly message: ApiMessage
  readonly onClose: () => void
}

/** So many rooms are offered at a time; who looks for another one types its name. */
const OFFERED_MAX = 50

/** Where to say again what was said: any room or conversation of mine. */
export function ForwardDialog({ message, onClose }: ForwardDialogProps) {
  const client = useClient()
  const rooms = useFrame(client.rooms)
  const [query, setQuery] = useState("")
  const [failure, setFailure] = useState<unknown>(null)
  const [busyWith, setBusyWith] = useState<string | null>(null)
  // The same for each try: what was lost on the way back is not said twice.
  const clientIds = useRef(new Map<string, string>())
  const offered = useMemo(() => {
    const wanted = query.trim().toLocaleLowerCase()
    return rooms
      .filter((it) => roomName(it).toLocaleLowerCase().includes(wanted))
      .slice(0, OFFERED_MAX)
  }, [rooms, query])

  async function forward(view: RoomView): Promise<void> {
    const room_id = view.room.id
    const client_id = clientIds.current.get(room_id) ?? crypto.randomUUID()
    clientIds.current.set(room_id, client_id)
    setBusyWith(room_id)
    setFailure(null)
    try {
      await client.api.messages.forward(message.id, { room_id, client_id })
      showToast(t().messages.forwardedTo(roomName(view)))
      onClose()
    } catch (error) {
      setFailure(error)
      setBusyWith(null)
    }
  }

  return (
    <Dialog title={t().messages.forwardTitle} onClose={onClose}>
      {failure !== null && <Banner kind="danger">{wordsFor(failure)}</Banner>}
      <TextInput
        type="search"
        aria-label={t().messages.forwardSearch}
        placeholder={t().messages.forwardSearch}
        value={query}
        onInput={setQuery}
      />
      {offered.length === 0 && <p class="forward-none">{t().messages.forwardNone}</p>}
      <ul class="forward-rooms">
        {offered.map((it) => (
          <li key={it.room.id}>
            <button
              type="button"
              class="forward-room"
              disabled={busyWith !== null}
              onClick={() => void forward(it)}
            >
              <RoomFace view={it} />
              <span>{roomName(it)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

function RoomFace({ view }: { readonly view: RoomView }) {
  const [person] = view.people
  if (person !== undefined) return <Avatar profile={person} size={24} />
  return (
    <span class="forward-hash" aria-hidden="true">
      #
    </span>
  )
}
