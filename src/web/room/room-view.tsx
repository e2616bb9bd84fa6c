import { useEffect, useMemo, useRef, useState } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import { MessageList } from "../messages/message-list"
import { ThreadPanel } from "../messages/thread-panel"
import { SearchPanel } from "../search/search-panel"
import { useClient, useLive, useSelected } from "../state/client"
import { navigate, pathTo } from "../state/route"
import { sidePanel } from "../state/side-panel"
import { Waiting } from "../ui/spinner"
import { MembersPanel } from "./members-panel"
import { PinsPanel } from "./pins-panel"
import { ProfileCard } from "./profile-card"
import { hideProfile } from "./profile-state"
import { RoomFoot } from "./room-foot"
import { RoomGone } from "./room-gone"
import { RoomHeader } from "./room-header"
import { RoomSettings } from "./room-settings"
import { useEnding } from "./use-ending"
import { useStanding } from "./use-standing"
import "./room-view.css"

export interface RoomViewProps {
  readonly roomId: string
  readonly at: number | null
  readonly threadId: string | null
}

/** A room that is open: what it says, where one writes, and what stands beside it. */
export function RoomView({ roomId, at, threadId }: RoomViewProps) {
  const client = useClient()
  const [attempt, setAttempt] = useState(0)
  const room = useMemo(() => client.room(roomId), [client, roomId, attempt])
  useEffect(() => () => room.close(), [room])
  const trouble = useLive(room.trouble)
  const isUnknown = useSelected(room.view, (view) => view === null)
  const ending = useEnding(roomId)
  const isLost = trouble !== null && (isUnknown || isFinal(trouble.code))
  const why = ending ?? (isLost ? trouble : null)
  if (why !== null) return <RoomGone why={why} onRetry={() => setAttempt(attempt + 1)} />
  return <OpenRoom room={room} at={at} threadId={threadId} />
}

/** Trouble after which nothing of the room may be shown any more; all other passes. */
const isFinal = (code: string): boolean => code === "banned" || code === "room_not_found"

interface OpenRoomProps extends Pick<RoomViewProps, "at" | "threadId"> {
  readonly room: RoomHandle
}

function OpenRoom({ room, at, threadId }: OpenRoomProps) {
  const standing = useStanding(room)
  const [hasDetails, setDetails] = useState(false)
  const main = useRef<HTMLElement>(null)
  const isKnown = standing !== null
  useEffect(() => {
    if (isKnown) focusRoom(main.current)
    return hideProfile
  }, [room, isKnown])
  if (standing === null) return <Waiting />
  return (
    <div class="room-view">
      <section ref={main} class="room-main" aria-labelledby="room-title">
        <RoomHeader
          standing={standing}
          isThreadOpen={threadId !== null}
          onDetails={() => setDetails(true)}
        />
        <div class="room-body">
          <MessageList room={room} at={at} />
        </div>
        <RoomFoot room={room} standing={standing} />
      </section>
      <BesideRoom room={room} threadId={threadId} />
      {hasDetails && <RoomSettings room={room} onClose={() => setDetails(false)} />}
      <ProfileCard room={room} />
    </div>
  )
}

/** What is open beside the room, one thing at a time; a thread comes first: the address asks for it. */
function BesideRoom({ room, threadId }: Omit<OpenRoomProps, "at">) {
  const close = () => {
    sidePanel.value = null
  }
  if (threadId !== null) {
    const leave = () => navigate(pathTo.room(room.id))
    return <ThreadPanel key={threadId} room={room} messageId={threadId} onClose={leave} />
  }
  switch (sidePanel.value) {
    case "members":
      return <MembersPanel room={room} onClose={close} />
    case "pins":
      return <PinsPanel room={room} onClose={close} />
    case "search":
      return <SearchPanel roomId={room.id} onClose={close} />
    default:
      return null
  }
}

/**
 * Whoever opens a room is in it: they write at once where there is a keyboard, and hear its name
 * where there is none, so that none is pulled up over the messages.
 */
function focusRoom(main: HTMLElement | null): void {
  const isAway = document.activeElement?.closest("dialog, [popover], aside") != null
  if (main === null || isAway || main.contains(document.activeElement)) return
  const box = main.querySelector<HTMLElement>("textarea, [contenteditable=true]")
  const hasKeyboard = matchMedia("(pointer: fine)").matches
  const target = box !== null && hasKeyboard ? box : main.querySelector<HTMLElement>(".room-title")
  target?.focus({ preventScroll: true })
}
