import "./timeline-list.css"
import { useSignal } from "@preact/signals"
import type { ComponentChildren } from "preact"
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks"
import type { RoomHandle, Timeline } from "../../client/client"
import type { ApiMessage } from "../../protocol/answers"
import { startEdit, startReply } from "../composer/compose-state"
import { useClient } from "../state/client"
import { navigate, pathTo } from "../state/route"
import { Announcer } from "./announcer"
import { dayOf } from "./day-of"
import { groupRows, type Row } from "./grouping"
import { ListEnd, ListStart } from "./list-ends"
import { pressKey } from "./list-keys"
import type { ListHandle, ListSight } from "./list-view"
import { MessageOverlay } from "./message-overlay"
import { MessageRow } from "./message-row"
import { NewMessagesAbove, NewMessagesButton } from "./new-messages-button"
import { PendingRow } from "./pending-row"
import { lastOwn } from "./readers"
import { type Overlay, People, RoomMessages } from "./room-context"
import { SeenBy } from "./seen-by"
import { ThreadLine } from "./thread-summary"
import { useActiveRow } from "./use-active-row"
import { useFrame } from "./use-frame"
import { useJump } from "./use-jump"
import { useNewLine } from "./use-new-line"
import { useReadMarks } from "./use-read-marks"
import { useRoomContext } from "./use-room-context"
import { VirtualList } from "./virtual-list"

interface TimelineListProps {
  readonly room: RoomHandle
  readonly timeline: Timeline
  /** Of the thread that is shown; null: the room itself is. */
  readonly threadId: string | null
  readonly at: number | null
  readonly label: string
  readonly start: ComponentChildren
}

const NOWHERE: ListSight = { first: null, last: null, isAtEnd: true, screensToEnd: 0 }

/** The messages of a room, or of a thread: shown, scrolled, jumped in and acted on. */
export function TimelineList({ room, timeline, threadId, at, label, start }: TimelineListProps) {
  const client = useClient()
  const myId = useFrame(client.me)?.id ?? null
  const state = useFrame(timeline.state)
  const isThread = threadId !== null
  const line = useNewLine(client, room, isThread)
  const rows = useRows({ state, myId, newAfter: line.after, isThread })
  const list = useRef<ListHandle>(null)
  const jump = useJump({ timeline, state, rows, list })
  const [overlay, setOverlay] = useState<Overlay | null>(null)
  // Only what depends on it is drawn again for each row that scrolls out of sight.
  const sight = useSignal(NOWHERE)
  const { context, people } = useRoomContext({ room, timeline, threadId, jump, line, setOverlay })
  const markRead = useReadMarks({ room, rows, isOff: isThread || line.isHeld })
  const active = useActiveRow((element, key) =>
    openMenu(
      rows.find((it) => it.key === key),
      element,
    ),
  )

  function openMenu(row: Row | undefined, anchor: Element): void {
    if (row?.type === "message") setOverlay({ type: "menu", message: row.message, anchor })
  }
  function onRow(task: (message: Parameters<typeof context.rightsOn>[0]) => void) {
    return (row: Row) => row.type === "message" && task(row.message)
  }
  const onSight = useCallback(
    (next: ListSight) => {
      markRead(next)
      if (!isSameSight(sight.peek(), next)) sight.value = next
    },
    [markRead, sight],
  )

  useOwnSends(state.pending.at(-1)?.clientId ?? null, jump.toEnd)
  useOpening(timeline, at, jump.toSeq)

  const ownSeen = isThread ? undefined : lastOwn(state.messages, myId)
  const place = threadId ?? undefined
  function footerOf(message: ApiMessage): ComponentChildren {
    if (message.id === threadId) return <ThreadLine message={message} />
    return message.id === ownSeen?.id ? <SeenBy message={message} /> : null
  }
  return (
    <People.Provider value={people}>
      <RoomMessages.Provider value={context}>
        <div
          class="timeline"
          {...active.handlers}
          onKeyDown={(event) => {
            if (list.current === null) return
            const isTaken = pressKey(event, {
              rows,
              list: list.current,
              lastInSight: sight.peek().last,
              actions: {
                menu: openMenu,
                reply: onRow(
                  (it) => context.rightsOn(it).canReply && startReply(room.id, it, place),
                ),
                thread: onRow((it) => navigate(pathTo.room(room.id, { thread: it.id }))),
                edit: onRow((it) => context.rightsOn(it).canEdit && startEdit(room.id, it, place)),
                toEnd: jump.toEnd,
              },
            })
            if (isTaken) event.preventDefault()
          }}
        >
          <VirtualList
            handle={list}
            items={rows}
            label={label}
            isBusy={state.loading !== null}
            endsAll={state.isAtEnd}
            onNearStart={() => loadMore(timeline, "older")}
            onNearEnd={() => loadMore(timeline, "newer")}
            onSight={onSight}
            before={<ListStart room={room} state={state} timeline={timeline} start={start} />}
            after={<ListEnd state={state} timeline={timeline} />}
            renderItem={(row) =>
              row.type === "pending" ? (
                <PendingRow key={row.key} row={row} />
              ) : (
                <MessageRow
                  key={row.key}
                  row={row}
                  isActive={row.key === active.key || isOpenOn(overlay, row)}
                  isHighlighted={row.key === jump.highlighted}
                  footer={footerOf(row.message)}
                />
              )
            }
          />
          {!isThread && <NewMessagesAbove rows={rows} line={line} sight={sight} jump={jump} />}
          <NewMessagesButton
            state={state}
            latest={room.view.value?.lastMessage?.seq ?? null}
            sight={sight}
            myId={myId}
            onPress={jump.toEnd}
          />
          <Announcer messages={state.messages} myId={myId} isAtEnd={state.isAtEnd} />
          {overlay !== null && (
            <MessageOverlay overlay={overlay} onClose={() => setOverlay(null)} />
          )}
        </div>
      </RoomMessages.Provider>
    </People.Provider>
  )
}

/** Opened once; after that only an address that names a place goes anywhere. */
function useOpening(timeline: Timeline, at: number | null, goTo: (seq: number) => void): void {
  const opened = useRef<Timeline | null>(null)
  useEffect(() => {
    if (at !== null) goTo(at)
    else if (opened.current !== timeline) void timeline.open()
    opened.current = timeline
  }, [timeline, at])
}

interface RowsOf {
  readonly state: Timeline["state"]["value"]
  readonly myId: string | null
  readonly newAfter: number | null
  readonly isThread: boolean
}

function useRows({ state, myId, newAfter, isThread }: RowsOf): readonly Row[] {
  const before = useRef<readonly Row[]>([])
  const { messages, pending, isAtStart } = state
  return useMemo(() => {
    const grouping = { messages, pending, myId, newAfter, isAtStart, isThread, dayOf }
    before.current = groupRows(grouping, before.current)
    return before.current
  }, [messages, pending, isAtStart, myId, newAfter, isThread])
}

/** Whoever writes wants to see it, wherever they were. */
function useOwnSends(lastWritten: string | null, onSend: () => void): void {
  const known = useRef(lastWritten)
  useEffect(() => {
    if (lastWritten !== null && lastWritten !== known.current) onSend()
    known.current = lastWritten
  }, [lastWritten])
}

function loadMore({ state, loadOlder, loadNewer }: Timeline, end: "older" | "newer"): void {
  const { loading, trouble, isAtStart, isAtEnd, messages } = state.value
  // After trouble it is for the reader to try again.
  if (loading !== null || trouble !== null || messages.length === 0) return
  if (end === "older" && !isAtStart) void loadOlder()
  if (end === "newer" && !isAtEnd) void loadNewer()
}

const isOpenOn = (overlay: Overlay | null, row: Row): boolean =>
  overlay !== null && row.type === "message" && overlay.message.id === row.message.id

const isSameSight = (a: ListSight, b: ListSight): boolean =>
  a.first === b.first &&
  a.last === b.last &&
  a.isAtEnd === b.isAtEnd &&
  a.screensToEnd > 1 === b.screensToEnd > 1
