import { useState } from "preact/hooks"
import { useClient } from "../state/client"
import { navigate, pathTo } from "../state/route"
import { showToast } from "../state/toasts"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { Dialog } from "../ui/dialog"
import { Field } from "../ui/field"
import { TextInput } from "../ui/input"
import type { RoomPartProps } from "./room-about"

/** Ends the room for everybody, once its name has been typed: nothing brings it back. */
export function DeleteRoom({ room, standing, onGone }: RoomPartProps) {
  const [isOpen, setOpen] = useState(false)
  const words = t().room.details
  return (
    <section class="room-part" aria-label={words.danger}>
      <h3 class="profile-heading">{words.danger}</h3>
      <div>
        <Button kind="danger" onClick={() => setOpen(true)}>
          {words.remove}
        </Button>
      </div>
      {isOpen && (
        <TypedConfirm
          room={room}
          standing={standing}
          onGone={onGone}
          onClose={() => setOpen(false)}
        />
      )}
    </section>
  )
}

function TypedConfirm(props: RoomPartProps & { readonly onClose: () => void }) {
  const { room, standing, onGone, onClose } = props
  const client = useClient()
  const [typed, setTyped] = useState("")
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const { name } = standing.view.room
  const words = t().room.details
  const isTyped = typed.trim() === name.trim()

  async function remove(): Promise<void> {
    setBusy(true)
    setFailure(null)
    try {
      await client.api.rooms.remove(room.id)
      showToast(words.removed(name))
      onGone()
      navigate(pathTo.home())
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }

  const footer = (
    <>
      <Button onClick={onClose}>{t().app.cancel}</Button>
      <Button kind="danger" disabled={!isTyped} isBusy={isBusy} onClick={() => void remove()}>
        {words.removeNow}
      </Button>
    </>
  )
  return (
    <Dialog title={words.removeTitle(name)} onClose={onClose} footer={footer}>
      <p>{words.removeText}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isTyped && !isBusy) void remove()
        }}
      >
        <Field label={words.removeTyped(name)}>
          <TextInput value={typed} autocomplete="off" onInput={setTyped} />
        </Field>
      </form>
      {failure !== null && <Banner kind="danger">{wordsFor(failure)}</Banner>}
    </Dialog>
  )
}
