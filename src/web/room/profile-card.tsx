import { Ban, MessageCircle, Mic, MicOff, UserMinus, UserX } from "lucide"
import { useEffect, useState } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import type { ApiMember, ApiProfile } from "../../protocol/answers"
import { useClient, useLive } from "../state/client"
import { personName } from "../state/names"
import { canSanction, canUnmute, isForever, isMuted, rolesFor } from "../state/rights"
import { navigate, pathTo } from "../state/route"
import { showError, showToast } from "../state/toasts"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Avatar } from "../ui/avatar"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { Dialog } from "../ui/dialog"
import { Icon } from "../ui/icon"
import { Waiting } from "../ui/spinner"
import { Time } from "../ui/time"
import { LastSeen } from "./last-seen"
import { hideProfile, shownProfile } from "./profile-state"
import { RoleChoice } from "./role-choice"
import { SanctionDialog, type SanctionKind } from "./sanction-dialog"
import { sayWhen } from "./say-when"
import { ownersAmong } from "./sorting"
import { useBlocked } from "./use-blocked"
import { usePerson } from "./use-person"
import { useStanding } from "./use-standing"
import "./profile-card.css"

/** The card of whoever was asked for in this room; see `showProfile`. */
export function ProfileCard({ room }: { readonly room: RoomHandle }) {
  const shown = shownProfile.value
  if (shown === null || shown.roomId !== room.id) return null
  return <Card key={shown.userId} room={room} userId={shown.userId} />
}

function Card({ room, userId }: { readonly room: RoomHandle; readonly userId: string }) {
  const members = useLive(room.members)
  const member = members.get(userId)
  const { person, failure } = usePerson(userId, member?.user ?? null)
  const [sanction, setSanction] = useState<SanctionKind | null>(null)
  useKnownMember(room, member)
  if (person === null) {
    return (
      <Dialog title={t().app.more} onClose={hideProfile}>
        {failure === null ? <Waiting /> : <Banner kind="danger">{wordsFor(failure)}</Banner>}
      </Dialog>
    )
  }
  if (sanction !== null && member !== undefined) {
    return (
      <SanctionDialog
        kind={sanction}
        room={room}
        member={member}
        onClose={() => setSanction(null)}
        onDone={hideProfile}
      />
    )
  }
  return (
    <Dialog title={personName(person)} onClose={hideProfile}>
      <Face person={person} />
      {member !== undefined && <Membership member={member} />}
      <Contact person={person} />
      {member !== undefined && member.left_at === null && (
        <Moderation room={room} member={member} onSanction={setSanction} />
      )}
    </Dialog>
  )
}

/** What somebody is in the room is asked once, where it is not known: all else stands meanwhile. */
function useKnownMember(room: RoomHandle, member: ApiMember | undefined): void {
  const isKnown = member !== undefined
  useEffect(() => {
    if (!isKnown) room.loadMembers().catch(showError)
  }, [room, isKnown])
}

function Face({ person }: { readonly person: ApiProfile }) {
  const presence = useLive(useClient().presence).get(person.id)?.status ?? "offline"
  return (
    <div class="profile-face">
      <Avatar profile={person} size={64} presence={presence} />
      <div>
        <p class="profile-username">@{person.username}</p>
        <p class="row-note">
          <LastSeen userId={person.id} />
        </p>
      </div>
    </div>
  )
}

function Membership({ member }: { readonly member: ApiMember }) {
  const words = t().room
  if (member.left_at !== null) return null
  return (
    <dl class="profile-facts">
      <div>
        <dt>{words.profile.role}</dt>
        <dd>{words.roles[member.role]}</dd>
      </div>
      <div>
        <dt>{words.profile.joined}</dt>
        <dd>
          <Time iso={member.joined_at} style="day" />
        </dd>
      </div>
      {isMuted(member, Date.now()) && (
        <div>
          <dt>{words.profile.muted}</dt>
          <dd>
            {isForever(member.muted_until)
              ? words.panel.forever
              : words.panel.until(sayWhen(member.muted_until))}
          </dd>
        </div>
      )}
    </dl>
  )
}

/** What one may do with anybody. */
function Contact({ person }: { readonly person: ApiProfile }) {
  const client = useClient()
  const me = useLive(client.me)
  const blocked = useBlocked(person.id)
  const [isOpening, setOpening] = useState(false)
  const [isAsked, setAsked] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const words = t().room.profile
  if (me?.id === person.id) return <p class="row-note">{words.isYou}</p>

  async function open(): Promise<void> {
    setOpening(true)
    setFailure(null)
    try {
      const { id } = await client.api.conversations.open([person.id])
      hideProfile()
      navigate(pathTo.room(id))
    } catch (error) {
      setFailure(error)
      setOpening(false)
    }
  }

  async function turn(): Promise<void> {
    setFailure(null)
    try {
      await blocked.turn()
      setAsked(false)
      const say = blocked.isBlocked === true ? words.unblocked : words.blocked
      showToast(say(personName(person)))
    } catch (error) {
      setFailure(error)
    }
  }

  return (
    <>
      <div class="profile-actions">
        <Button kind="primary" isBusy={isOpening} onClick={() => void open()}>
          <Icon node={MessageCircle} size={16} />
          {words.message}
        </Button>
        <Button
          disabled={blocked.isBlocked === null}
          onClick={() => (blocked.isBlocked === true ? void turn() : setAsked(!isAsked))}
        >
          <Icon node={UserX} size={16} />
          {blocked.isBlocked === true ? words.unblock : words.block}
        </Button>
      </div>
      {isAsked && (
        <Banner
          kind="warn"
          action={
            <Button kind="danger" onClick={() => void turn()}>
              {words.block}
            </Button>
          }
        >
          <strong>{words.blockTitle(personName(person))}</strong> {words.blockText}
        </Banner>
      )}
      {failure !== null && <Banner kind="danger">{wordsFor(failure)}</Banner>}
    </>
  )
}

interface ModerationProps {
  readonly room: RoomHandle
  readonly member: ApiMember
  readonly onSanction: (kind: SanctionKind) => void
}

/** What those who run the room may do with a member: only what they may is there. */
function Moderation({ room, member, onSanction }: ModerationProps) {
  const client = useClient()
  const standing = useStanding(room)
  const members = useLive(room.members)
  const [failure, setFailure] = useState<unknown>(null)
  if (standing === null) return null
  const maySanction = canSanction(standing, member)
  const mayUnmute = isMuted(member, Date.now()) && canUnmute(standing, member)
  const roles = rolesFor(standing, member, ownersAmong(members.values()))
  if (!maySanction && !mayUnmute && roles.length === 0) return null
  const words = t().room.profile

  async function unmute(): Promise<void> {
    setFailure(null)
    try {
      await client.api.rooms.unmute(room.id, member.user_id)
      showToast(words.unmuted(personName(member.user)))
    } catch (error) {
      setFailure(error)
    }
  }

  return (
    <section class="profile-moderation" aria-label={words.moderate}>
      <h3 class="profile-heading">{words.moderate}</h3>
      {roles.length > 0 && <RoleChoice room={room} member={member} roles={roles} />}
      <div class="profile-actions">
        {mayUnmute && (
          <Button onClick={() => void unmute()}>
            <Icon node={Mic} size={16} />
            {words.unmute}
          </Button>
        )}
        {maySanction && (
          <>
            {!mayUnmute && (
              <Button onClick={() => onSanction("mute")}>
                <Icon node={MicOff} size={16} />
                {words.mute}
              </Button>
            )}
            <Button onClick={() => onSanction("ban")}>
              <Icon node={Ban} size={16} />
              {words.ban}
            </Button>
            <Button onClick={() => onSanction("remove")}>
              <Icon node={UserMinus} size={16} />
              {words.remove}
            </Button>
          </>
        )}
      </div>
      {failure !== null && <Banner kind="danger">{wordsFor(failure)}</Banner>}
    </section>
  )
}
