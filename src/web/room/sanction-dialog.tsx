import { useId, useState } from "preact/hooks"
import type { Client, RoomHandle } from "../../client/client"
import type { ApiMember } from "../../protocol/answers"
import { useClient } from "../state/client"
import { personName } from "../state/names"
import { showToast } from "../state/toasts"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { Dialog } from "../ui/dialog"
import { Field } from "../ui/field"
import { Select, TextInput } from "../ui/input"
import { DURATIONS, type Duration, endOf } from "./duration"

export type SanctionKind = "mute" | "remove" | "ban"

export interface SanctionDialogProps {
  readonly kind: SanctionKind
  readonly room: RoomHandle
  readonly member: ApiMember
  readonly onClose: () => void
  readonly onDone: () => void
}

/** As many characters as the server takes. */
const REASON_CHARS_MAX = 500

const FIRST: Readonly<Record<Exclude<SanctionKind, "remove">, Duration>> = {
  mute: "hour",
  ban: "week",
}

/** Asks for how long and why, then does it. Where it fails, what was written stays. */
export function SanctionDialog({ kind, room, member, onClose, onDone }: SanctionDialogProps) {
  const client = useClient()
  const form = useId()
  const [duration, setDuration] = useState<Duration>(kind === "remove" ? "forever" : FIRST[kind])
  const [reason, setReason] = useState("")
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const words = wordsOf(kind)
  const name = personName(member.user)

  async function act(): Promise<void> {
    setBusy(true)
    setFailure(null)
    try {
      await carryOut(client, { kind, room, member, duration, reason: reason.trim() })
      showToast(words.done(name))
      onDone()
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }

  const footer = (
    <>
      <Button onClick={onClose}>{t().app.cancel}</Button>
      <Button kind="danger" isBusy={isBusy} onClick={() => void act()}>
        {words.act}
      </Button>
    </>
  )
  return (
    <Dialog title={words.title(name)} onClose={onClose} footer={footer}>
      <p>{words.text}</p>
      {kind !== "remove" && (
        <form
          id={form}
          class="sanction-form"
          onSubmit={(event) => {
            event.preventDefault()
            if (!isBusy) void act()
          }}
        >
          <Field label={t().room.sanction.howLong}>
            <Select
              value={duration}
              options={DURATIONS.map((value) => ({
                value,
                label: t().room.sanction.durations[value],
              }))}
              onChange={setDuration}
            />
          </Field>
          <Field label={t().room.sanction.reason} hint={t().room.sanction.reasonHint}>
            <TextInput value={reason} onInput={setReason} maxLength={REASON_CHARS_MAX} />
          </Field>
        </form>
      )}
      {failure !== null && <Banner kind="danger">{wordsFor(failure)}</Banner>}
    </Dialog>
  )
}

interface Wanted extends Pick<SanctionDialogProps, "kind" | "room" | "member"> {
  readonly duration: Duration
  readonly reason: string
}

async function carryOut({ api }: Client, wanted: Wanted): Promise<void> {
  const { kind, room, member, duration, reason } = wanted
  const sanction = { until: endOf(duration, Date.now()), reason: reason === "" ? null : reason }
  if (kind === "mute") await api.rooms.mute(room.id, member.user_id, sanction)
  else if (kind === "ban") await api.rooms.ban(room.id, member.user_id, sanction)
  else await api.rooms.removeMember(room.id, member.user_id)
}

function wordsOf(kind: SanctionKind) {
  const { sanction } = t().room
  const all = {
    mute: {
      title: sanction.muteTitle,
      text: sanction.muteText,
      act: sanction.mute,
      done: sanction.muted,
    },
    ban: {
      title: sanction.banTitle,
      text: sanction.banText,
      act: sanction.ban,
      done: sanction.banned,
    },
    remove: {
      title: sanction.removeTitle,
      text: sanction.removeText,
      act: sanction.remove,
      done: sanction.removed,
    },
  }
  return all[kind]
}
