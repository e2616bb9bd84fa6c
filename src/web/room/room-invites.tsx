import { Copy } from "lucide"
import { useState } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import type { ApiInvite } from "../../protocol/answers"
import { useClient } from "../state/client"
import { canModerate } from "../state/rights"
import { showToast } from "../state/toasts"
import { type Pages, usePages } from "../state/use-pages"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { ConfirmDialog } from "../ui/confirm-dialog"
import { Field } from "../ui/field"
import { Icon } from "../ui/icon"
import { Select, TextInput } from "../ui/input"
import { DURATIONS, type Duration, endOf } from "./duration"
import { inviteLink } from "./invite-link"
import { MorePages } from "./more-pages"
import type { RoomPartProps } from "./room-about"
import { sayWhen } from "./say-when"

/** Links that let people in: who may invite makes them, who moderates sees and revokes them. */
export function RoomInvites({ room, standing }: Pick<RoomPartProps, "room" | "standing">) {
  const [made, setMade] = useState<readonly ApiInvite[]>([])
  const [latest, setLatest] = useState<ApiInvite | null>(null)
  return (
    <>
      <section class="room-part">
        <p>{t().room.invites.help}</p>
        <NewInvite
          room={room}
          onMade={(invite) => {
            setMade([invite, ...made])
            setLatest(invite)
          }}
        />
        {latest !== null && <InviteLink key={latest.code} invite={latest} />}
      </section>
      {canModerate(standing) && (
        <InviteList
          room={room}
          made={made}
          onRevoked={(code) => {
            setMade(made.filter((it) => it.code !== code))
            if (latest?.code === code) setLatest(null)
          }}
        />
      )}
    </>
  )
}

const USES = ["any", "1", "5", "25", "100"] as const
type Uses = (typeof USES)[number]

interface NewInviteProps {
  readonly room: RoomHandle
  readonly onMade: (invite: ApiInvite) => void
}

function NewInvite({ room, onMade }: NewInviteProps) {
  const client = useClient()
  const [duration, setDuration] = useState<Duration>("week")
  const [uses, setUses] = useState<Uses>("any")
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const words = t().room.invites

  async function create(): Promise<void> {
    setBusy(true)
    setFailure(null)
    try {
      const expires_at = endOf(duration, Date.now())
      const max_uses = uses === "any" ? null : Number(uses)
      onMade(await client.api.rooms.createInvite(room.id, { expires_at, max_uses }))
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <div class="field-pair">
        <Field label={words.lasts}>
          <Select
            value={duration}
            options={DURATIONS.map((value) => ({ value, label: words.durations[value] }))}
            onChange={setDuration}
          />
        </Field>
        <Field label={words.uses}>
          <Select
            value={uses}
            options={USES.map((value) => ({
              value,
              label: value === "any" ? words.unlimited : words.times(Number(value)),
            }))}
            onChange={setUses}
          />
        </Field>
      </div>
      <div>
        <Button kind="primary" isBusy={isBusy} onClick={() => void create()}>
          {words.create}
        </Button>
      </div>
      {failure !== null && <Banner kind="danger">{wordsFor(failure)}</Banner>}
    </>
  )
}

function InviteLink({ invite }: { readonly invite: ApiInvite }) {
  const link = inviteLink(invite.code, location.href)
  return (
    <div class="invite-link">
      <Field label={t().room.invites.link}>
        <TextInput
          readOnly
          value={link}
          onInput={() => undefined}
          onFocus={(event) => event.currentTarget.select()}
        />
      </Field>
      <CopyLink code={invite.code} />
    </div>
  )
}

function CopyLink({ code }: { readonly code: string }) {
  const words = t().room.invites
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(inviteLink(code, location.href))
      showToast(words.copied)
    } catch {
      // Browsers allow it only on pages that came by https, or from this machine.
      showToast(words.notCopied)
    }
  }
  return (
    <Button onClick={() => void copy()}>
      <Icon node={Copy} size={16} />
      {words.copy}
    </Button>
  )
}

interface InviteListProps {
  readonly room: RoomHandle
  /** Just now, by oneself: they are shown before the list is loaded anew. */
  readonly made: readonly ApiInvite[]
  readonly onRevoked: (code: string) => void
}

function InviteList({ room, made, onRevoked }: InviteListProps) {
  const client = useClient()
  const invites: Pages<ApiInvite> = usePages(room.id, (cursor) =>
    client.api.rooms.invites(room.id, { cursor }),
  )
  const [asked, setAsked] = useState<ApiInvite | null>(null)
  const words = t().room.invites
  const codes = new Set(made.map(({ code }) => code))
  const all = [...made, ...invites.items.filter(({ code }) => !codes.has(code))]
  return (
    <section class="room-part">
      <h3 class="profile-heading">{words.list}</h3>
      {all.length === 0 && !invites.isLoading && invites.failure === null && (
        <p class="row-note">{words.none}</p>
      )}
      <ul>
        {all.map((invite) => (
          <li key={invite.code} class="invite-row">
            <span class="row-words">
              <code>…{invite.code.slice(-6)}</code>
              <span class="row-note">
                {invite.expires_at === null
                  ? words.endless
                  : words.ends(sayWhen(invite.expires_at))}
                {" · "}
                {words.used(invite.uses, invite.max_uses)}
              </span>
            </span>
            <CopyLink code={invite.code} />
            <Button onClick={() => setAsked(invite)}>{words.revoke}</Button>
          </li>
        ))}
      </ul>
      <MorePages pages={invites} />
      {asked !== null && (
        <ConfirmDialog
          title={words.revokeTitle}
          text={words.revokeText}
          confirm={words.revoke}
          isDanger
          onConfirm={async () => {
            await client.api.rooms.removeInvite(room.id, asked.code)
            onRevoked(asked.code)
            invites.change((items) => items.filter(({ code }) => code !== asked.code))
            showToast(words.revoked)
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  )
}
