import { useState } from "preact/hooks"
import { focusFirstError, useSubmission } from "../sign-in/use-submission"
import { useClient } from "../state/client"
import { navigate, pathTo } from "../state/route"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { Dialog } from "../ui/dialog"
import { Field } from "../ui/field"
import { TextInput } from "../ui/input"
import { Switch } from "../ui/switch"
import { checkRoom, type RoomWish, roomOf } from "./check-room"
import "./create-room.css"

const FORM_ID = "create-room"
const NOTHING: RoomWish = {
  name: "",
  topic: "",
  type: "public",
  membersCanInvite: false,
  maxUsers: "0",
}

/** Makes a room and goes there. */
export function CreateRoomDialog({ onClose }: { readonly onClose: () => void }) {
  const client = useClient()
  const [wish, setWish] = useState<RoomWish>(NOTHING)
  const [wasChecked, setChecked] = useState(false)
  const { form, isBusy, failure, submit } = useSubmission()
  const { rooms, app } = t()
  const errors = wasChecked ? checkRoom(wish, rooms) : {}
  const change = (part: Partial<RoomWish>) => setWish({ ...wish, ...part })

  function onSubmit(event: Event): void {
    event.preventDefault()
    setChecked(true)
    if (Object.keys(checkRoom(wish, rooms)).length > 0) {
      focusFirstError(form.current)
      return
    }
    void submit(async () => {
      const room = await client.api.rooms.create(roomOf(wish))
      onClose()
      navigate(pathTo.room(room.id))
    })
  }

  const footer = (
    <>
      <Button onClick={onClose}>{app.cancel}</Button>
      <Button kind="primary" type="submit" form={FORM_ID} isBusy={isBusy}>
        {rooms.create}
      </Button>
    </>
  )
  return (
    <Dialog title={rooms.createTitle} onClose={onClose} footer={footer}>
      <form ref={form} id={FORM_ID} class="create-room" noValidate onSubmit={onSubmit}>
        <Field label={rooms.name} error={errors.name}>
          <TextInput
            value={wish.name}
            placeholder={rooms.namePlaceholder}
            autocomplete="off"
            onInput={(name) => change({ name })}
          />
        </Field>
        <Field label={rooms.topic} hint={rooms.topicHint} error={errors.topic}>
          <TextInput value={wish.topic} autocomplete="off" onInput={(topic) => change({ topic })} />
        </Field>
        <fieldset class="choices">
          <legend class="field-label">{rooms.visibility}</legend>
          {(["public", "private"] as const).map((type) => (
            <label key={type} class="choice">
              <input
                type="radio"
                name="type"
                checked={wish.type === type}
                onChange={() => change({ type })}
              />
              <span>
                <b>{rooms[type]}</b>
                <small>{{ public: rooms.publicHint, private: rooms.privateHint }[type]}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <details>
          <summary>{rooms.advanced}</summary>
          <div class="create-room-more">
            <Switch
              label={rooms.membersCanInvite}
              isOn={wish.membersCanInvite}
              onChange={(membersCanInvite) => change({ membersCanInvite })}
            />
            <Field label={rooms.maxUsers} hint={rooms.maxUsersHint} error={errors.maxUsers}>
              <TextInput
                inputMode="numeric"
                value={wish.maxUsers}
                onInput={(maxUsers) => change({ maxUsers })}
              />
            </Field>
          </div>
        </details>
        {failure !== null && <Banner kind="danger">{wordsFor(failure)}</Banner>}
      </form>
    </Dialog>
  )
}
