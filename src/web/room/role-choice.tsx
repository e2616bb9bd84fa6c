import { useState } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import type { ApiMember } from "../../protocol/answers"
import type { Role } from "../../protocol/entities"
import { useClient } from "../state/client"
import { personName } from "../state/names"
import { showToast } from "../state/toasts"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Button } from "../ui/button"
import { Field } from "../ui/field"
import { Select } from "../ui/input"

export interface RoleChoiceProps {
  readonly room: RoomHandle
  readonly member: ApiMember
  /** Those that may be given. */
  readonly roles: readonly Role[]
}

/** Gives a member another role; chosen first and then given, as an owner is not made by a slip. */
export function RoleChoice({ room, member, roles }: RoleChoiceProps) {
  const client = useClient()
  const [wanted, setWanted] = useState<Role | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const words = t().room
  const role = wanted ?? member.role
  const hint =
    role === "owner" && member.role !== "owner" ? words.sanction.ownerText : words.roleHelp[role]

  async function give(): Promise<void> {
    setBusy(true)
    setFailure(null)
    try {
      await client.api.rooms.setMember(room.id, member.user_id, { role })
      showToast(words.sanction.roleGiven(personName(member.user), words.roles[role]))
      setWanted(null)
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <div class="role-choice">
      <Field
        label={words.profile.role}
        hint={hint}
        error={failure === null ? undefined : wordsFor(failure)}
      >
        <Select
          value={role}
          options={roles.map((value) => ({ value, label: words.roles[value] }))}
          onChange={setWanted}
        />
      </Field>
      {role !== member.role && (
        <Button kind="primary" isBusy={isBusy} onClick={() => void give()}>
          {words.sanction.give}
        </Button>
      )}
    </div>
  )
}
