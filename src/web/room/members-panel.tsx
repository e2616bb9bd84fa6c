import { UserPlus } from "lucide"
import { useEffect, useState } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import { useClient, useLive } from "../state/client"
import { canInvite, canModerate } from "../state/rights"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { IconButton } from "../ui/icon-button"
import { TextInput } from "../ui/input"
import { Waiting } from "../ui/spinner"
import { Tabs } from "../ui/tabs"
import { AddPeople } from "./add-people"
import { BansList } from "./bans-list"
import { MemberRow } from "./member-row"
import { PanelFrame } from "./panel-frame"
import { showProfile } from "./profile-state"
import { groupMembers, type MemberGroup } from "./sorting"
import { useStanding } from "./use-standing"
import "./members-panel.css"

export interface PanelProps {
  readonly room: RoomHandle
  readonly onClose: () => void
}

/** Who is in a room; for those who moderate also who is kept out. */
export function MembersPanel({ room, onClose }: PanelProps) {
  const standing = useStanding(room)
  const [tab, setTab] = useState<"members" | "banned">("members")
  const [isAdding, setAdding] = useState(false)
  const words = t().room
  const mayModerate = standing !== null && canModerate(standing)
  const mayInvite = standing !== null && canInvite(standing)
  const add = mayInvite ? (
    <IconButton icon={UserPlus} label={words.panel.add} onClick={() => setAdding(true)} />
  ) : undefined
  return (
    <PanelFrame title={words.members} onClose={onClose} actions={add}>
      {mayModerate && (
        <div class="panel-tabs">
          <Tabs
            label={words.panel.views}
            current={tab}
            onSelect={setTab}
            tabs={[
              { id: "members", label: words.members },
              { id: "banned", label: words.panel.banned },
            ]}
          />
        </div>
      )}
      {mayModerate && tab === "banned" ? <BansList room={room} /> : <MembersList room={room} />}
      {isAdding && <AddPeople room={room} onClose={() => setAdding(false)} />}
    </PanelFrame>
  )
}

/** What a page can draw at once without anybody noticing; more of a group on demand. */
const SHOWN_AT_ONCE = 100

function MembersList({ room }: { readonly room: RoomHandle }) {
  const client = useClient()
  const members = useLive(room.members)
  const presence = useLive(client.presence)
  const loading = useLoading(room)
  const [query, setQuery] = useState("")
  const words = t().room.panel
  const groups = groupMembers(members.values(), { presence, query })
  return (
    <>
      <div class="panel-tools">
        <TextInput
          type="search"
          aria-label={words.find}
          placeholder={words.find}
          value={query}
          onInput={setQuery}
        />
      </div>
      <div class="panel-scroll" tabIndex={-1}>
        {loading.failure !== null && (
          <div class="panel-note">
            <Banner kind="danger" action={<Button onClick={loading.retry}>{words.retry}</Button>}>
              {words.notLoaded} {wordsFor(loading.failure)}
            </Banner>
          </div>
        )}
        {groups.map((group) => (
          <Group key={group.id} group={group} room={room} />
        ))}
        {loading.isBusy && groups.length === 0 && <Waiting />}
        {!loading.isBusy && loading.failure === null && groups.length === 0 && (
          <p class="panel-note panel-nobody">{words.nobodyFound}</p>
        )}
      </div>
    </>
  )
}

function Group({ group, room }: { readonly group: MemberGroup; readonly room: RoomHandle }) {
  const client = useClient()
  const presence = useLive(client.presence)
  const me = useLive(client.me)
  const [shownMax, setShownMax] = useState(SHOWN_AT_ONCE)
  const words = t().room.panel
  const left = group.members.length - shownMax
  return (
    <section class="member-group">
      <h3 class="member-group-title">
        {words.groups[group.id]} <span class="member-group-count">{group.members.length}</span>
      </h3>
      <ul>
        {group.members.slice(0, shownMax).map((member) => (
          <MemberRow
            key={member.user_id}
            member={member}
            presence={presence.get(member.user_id)?.status ?? "offline"}
            isMe={member.user_id === me?.id}
            onOpen={() => showProfile(room.id, member.user_id)}
          />
        ))}
      </ul>
      {left > 0 && (
        <div class="panel-note">
          <Button kind="quiet" onClick={() => setShownMax(shownMax + SHOWN_AT_ONCE * 2)}>
            {words.more(Math.min(left, SHOWN_AT_ONCE * 2))}
          </Button>
        </div>
      )}
    </section>
  )
}

/** Brings all members of the room, page by page; those that are known are shown meanwhile. */
function useLoading(room: RoomHandle) {
  const [isBusy, setBusy] = useState(true)
  const [failure, setFailure] = useState<unknown>(null)
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let isShown = true
    setBusy(true)
    setFailure(null)
    room
      .loadMembers()
      .catch((error: unknown) => isShown && setFailure(error))
      .finally(() => isShown && setBusy(false))
    return () => {
      isShown = false
    }
  }, [room, attempt])
  return { isBusy, failure, retry: () => setAttempt(attempt + 1) }
}
