import { Check } from "lucide"
import { useState } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import type { ApiUser } from "../../protocol/answers"
import { useClient, useLive } from "../state/client"
import { personName } from "../state/names"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Avatar } from "../ui/avatar"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { Dialog } from "../ui/dialog"
import { Field } from "../ui/field"
import { Icon } from "../ui/icon"
import { TextInput } from "../ui/input"
import type { PanelProps } from "./members-panel"
import { usePeople } from "./use-people"

const SHOWN_MAX = 20

/** Takes people into a room, one after the other. */
export function AddPeople({ room, onClose }: PanelProps) {
  const view = useLive(room.view)
  const [query, setQuery] = useState("")
  const found = usePeople(query, SHOWN_MAX)
  const words = t().room.adding
  return (
    <Dialog title={words.title(view?.room.name ?? "")} onClose={onClose}>
      <Field label={words.find} hint={words.hint}>
        <TextInput type="search" autocomplete="off" value={query} onInput={setQuery} />
      </Field>
      {found.failure !== null && (
        <Banner kind="danger">
          {words.failed} {wordsFor(found.failure)}
        </Banner>
      )}
      <ul class="found-people" aria-live="polite">
        {found.people.map((user) => (
          <FoundRow key={user.id} room={room} user={user} />
        ))}
        {found.isDone && found.failure === null && found.people.length === 0 && (
          <li class="row-note">{words.nobody}</li>
        )}
      </ul>
    </Dialog>
  )
}

function FoundRow({ room, user }: { readonly room: RoomHandle; readonly user: ApiUser }) {
  const client = useClient()
  const members = useLive(room.members)
  const [state, setState] = useState<"out" | "busy" | "in">("out")
  const [failure, setFailure] = useState<unknown>(null)
  const member = members.get(user.id)
  const isIn = state === "in" || (member !== undefined && member.left_at === null)
  const words = t().room.adding

  async function add(): Promise<void> {
    setState("busy")
    setFailure(null)
    try {
      await client.api.rooms.setMember(room.id, user.id)
      setState("in")
    } catch (error) {
      setFailure(error)
      setState("out")
    }
  }

  return (
    <li>
      <div class="found-row">
        <Avatar profile={user} size={32} />
        <span class="row-words">
          <span class="member-name">{personName(user)}</span>
          <span class="row-note">@{user.username}</span>
        </span>
        {isIn ? (
          <span class="found-in">
            <Icon node={Check} size={16} />
            {state === "in" ? words.added(personName(user)) : words.isMember}
          </span>
        ) : (
          <Button isBusy={state === "busy"} onClick={() => void add()}>
            {words.add}
          </Button>
        )}
      </div>
      {failure !== null && <Banner kind="danger">{wordsFor(failure)}</Banner>}
    </li>
  )
}
