import { CornerUpRight, Paperclip, Pin, PinOff } from "lucide"
import { useEffect, useState } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import type { ApiMessage, ApiProfile } from "../../protocol/answers"
import { useClient, useLive } from "../state/client"
import { personName } from "../state/names"
import { canCurate } from "../state/rights"
import { navigate, pathTo } from "../state/route"
import { showToast } from "../state/toasts"
import { type Pages, usePages } from "../state/use-pages"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Markdown } from "../text/markdown"
import { Avatar } from "../ui/avatar"
import { Banner } from "../ui/banner"
import { Button } from "../ui/button"
import { EmptyState } from "../ui/empty-state"
import { Icon } from "../ui/icon"
import { Time } from "../ui/time"
import type { PanelProps } from "./members-panel"
import { MorePages } from "./more-pages"
import { PanelFrame } from "./panel-frame"
import { withMessage } from "./pinned"
import { useStanding } from "./use-standing"
import "./pins-panel.css"

/** What those who run a room hold up for everybody in it; what was pinned last comes first. */
export function PinsPanel({ room, onClose }: PanelProps) {
  const pins = usePins(room)
  const standing = useStanding(room)
  const words = t().room.pinsPanel
  const isEmpty = !pins.isLoading && pins.failure === null && pins.items.length === 0
  return (
    <PanelFrame title={words.title} onClose={onClose}>
      <div class="panel-scroll">
        {isEmpty && (
          <EmptyState icon={Pin} title={words.empty}>
            <p>{words.emptyText}</p>
          </EmptyState>
        )}
        <ul>
          {pins.items.map((message) => (
            <PinRow
              key={message.id}
              room={room}
              message={message}
              mayUnpin={standing !== null && canCurate(standing)}
            />
          ))}
        </ul>
        <MorePages pages={pins} />
      </div>
    </PanelFrame>
  )
}

/** Follows what is pinned, changed and taken down meanwhile, by anybody. */
function usePins(room: RoomHandle): Pages<ApiMessage> {
  const client = useClient()
  const pins = usePages(room.id, (cursor) => client.api.rooms.pins(room.id, { cursor }))
  const { change } = pins
  useEffect(() => {
    const heed = ({ message }: { readonly message: ApiMessage }) => {
      if (message.room_id === room.id) change((items) => withMessage(items, message))
    }
    const stops = [client.on("message.updated", heed), client.on("message.deleted", heed)]
    return () => {
      for (const stop of stops) stop()
    }
  }, [client, room])
  return pins
}

interface PinRowProps {
  readonly room: RoomHandle
  readonly message: ApiMessage
  readonly mayUnpin: boolean
}

function PinRow({ room, message, mayUnpin }: PinRowProps) {
  const client = useClient()
  const members = useLive(room.members)
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const words = t().room.pinsPanel

  async function unpin(): Promise<void> {
    setBusy(true)
    setFailure(null)
    try {
      // It leaves the list as all do that change: when the change is told.
      await client.api.messages.unpin(message.id)
      showToast(words.unpinned)
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }

  const people = new Map<string, ApiProfile>(
    message.mentions.flatMap((id) => {
      const member = members.get(id)
      return member === undefined ? [] : [[id, member.user] as const]
    }),
  )
  return (
    <li class="pin">
      <div class="pin-head">
        <Avatar profile={message.user} size={24} />
        <span class="member-name">{personName(message.user)}</span>
        <span class="row-note">
          <Time iso={message.created_at} style="relative" />
        </span>
      </div>
      <div class="pin-text">
        {message.content !== "" && (
          <Markdown text={message.content} mentions={message.mentions} people={people} inline />
        )}
        {message.attachments.map((file) => (
          <span key={file.id} class="pin-file">
            <Icon node={Paperclip} size={14} /> {file.name}
          </span>
        ))}
      </div>
      <div class="profile-actions">
        <Button kind="quiet" onClick={() => navigate(pathTo.room(room.id, { at: message.seq }))}>
          <Icon node={CornerUpRight} size={16} />
          {words.jump}
        </Button>
        {mayUnpin && (
          <Button kind="quiet" isBusy={isBusy} onClick={() => void unpin()}>
            <Icon node={PinOff} size={16} />
            {words.unpin}
          </Button>
        )}
      </div>
      {failure !== null && <Banner kind="danger">{wordsFor(failure)}</Banner>}
    </li>
  )
}
