import { useState } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import { useClient } from "../state/client"
import { canBePrivate, canChangeRoom } from "../state/rights"
import { showToast } from "../state/toasts"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { ConfirmDialog } from "../ui/confirm-dialog"
import { Field } from "../ui/field"
import { TextArea, TextInput } from "../ui/input"
import { Switch } from "../ui/switch"
import { DeleteRoom } from "./delete-room"
import { changeOf, draftOf, problemsOf, type RoomDraft } from "./room-draft"
import type { RoomStanding } from "./use-standing"

export interface RoomPartProps {
  readonly room: RoomHandle
  readonly standing: RoomStanding
  /** One is in it no more. */
  readonly onGone: () => void
}

const NAME_CHARS_MAX = 100
const TOPIC_CHARS_MAX = 500

/** What a room is: for its owners to change, for all others to read. */
export function RoomAbout(props: RoomPartProps) {
  if (!canChangeRoom(props.standing)) return <RoomFacts standing={props.standing} />
  return (
    <>
      <RoomForm {...props} />
      <DeleteRoom {...props} />
    </>
  )
}

function RoomFacts({ standing }: Pick<RoomPartProps, "standing">) {
  const { room } = standing.view
  const words = t().room
  return (
    <dl class="room-facts">
      <div>
        <dt>{words.details.name}</dt>
        <dd>{room.name}</dd>
      </div>
      {room.topic !== null && room.topic !== "" && (
        <div>
          <dt>{words.details.topic}</dt>
          <dd>{room.topic}</dd>
        </div>
      )}
      <div>
        <dt>{room.type === "public" ? words.publicRoom : words.privateRoom}</dt>
        <dd>{room.type === "public" ? words.details.publicHelp : words.details.privateHelp}</dd>
      </div>
      <div>
        <dt>{words.members}</dt>
        <dd>{words.people(room.member_count)}</dd>
      </div>
    </dl>
  )
}

function RoomForm({ room, standing }: RoomPartProps) {
  const client = useClient()
  const actual = standing.view.room
  const [draft, setDraft] = useState(() => draftOf(actual))
  const [isBusy, setBusy] = useState(false)
  const [isAsked, setAsked] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const words = t().room.details
  const problems = problemsOf(draft)
  const change = problems.length === 0 ? changeOf(draft, actual) : null
  const set = (some: Partial<RoomDraft>) => setDraft((before) => ({ ...before, ...some }))

  async function save(): Promise<void> {
    if (change === null) return
    setBusy(true)
    setFailure(null)
    try {
      setDraft(draftOf(await client.api.rooms.update(room.id, change)))
      showToast(words.saved)
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form
      class="room-part"
      onSubmit={(event) => {
        event.preventDefault()
        if (isBusy || change === null) return
        if (change.type === "private") setAsked(true)
        else void save()
      }}
    >
      <RoomFields draft={draft} set={set} standing={standing} />
      {failure !== null && <Banner kind="danger">{wordsFor(failure)}</Banner>}
      <div class="room-part-foot">
        <Button kind="primary" type="submit" isBusy={isBusy} disabled={change === null}>
          {words.save}
        </Button>
      </div>
      {isAsked && (
        <ConfirmDialog
          title={words.toPrivate}
          text={words.toPrivateText}
          confirm={words.makePrivate}
          onConfirm={save}
          onClose={() => setAsked(false)}
        />
      )}
    </form>
  )
}

interface RoomFieldsProps {
  readonly draft: RoomDraft
  readonly set: (some: Partial<RoomDraft>) => void
  readonly standing: RoomStanding
}

function RoomFields({ draft, set, standing }: RoomFieldsProps) {
  const words = t().room.details
  const problems = problemsOf(draft)
  const isFixed = !canBePrivate(standing)
  const help = draft.isPublic ? words.publicHelp : words.privateHelp
  return (
    <>
      <Field label={words.name} error={problems.includes("name") ? words.nameMissing : undefined}>
        <TextInput
          value={draft.name}
          maxLength={NAME_CHARS_MAX}
          onInput={(name) => set({ name })}
        />
      </Field>
      <Field label={words.topic} hint={words.topicHint}>
        <TextArea
          rows={2}
          value={draft.topic}
          maxLength={TOPIC_CHARS_MAX}
          onInput={(topic) => set({ topic })}
        />
      </Field>
      <div class="field">
        <Switch
          label={words.isPublic}
          isOn={draft.isPublic}
          disabled={isFixed}
          onChange={(isPublic) => set({ isPublic })}
        />
        <p class="field-hint">{isFixed ? words.staysPublic : help}</p>
      </div>
      <Switch
        label={words.membersInvite}
        isOn={draft.membersCanInvite}
        onChange={(membersCanInvite) => set({ membersCanInvite })}
      />
      <Field
        label={words.capacity}
        hint={words.capacityHint}
        error={problems.includes("capacity") ? words.capacityWrong : undefined}
      >
        <TextInput
          inputMode="numeric"
          value={draft.capacity}
          onInput={(capacity) => set({ capacity })}
        />
      </Field>
    </>
  )
}
