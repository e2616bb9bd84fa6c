import { Compass, PenLine, Plus } from "lucide"
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks"
import type { RoomView } from "../../client/client"
import { useClient, useLive } from "../state/client"
import { mutedRooms } from "../state/preferences"
import { navigate, pathTo, route } from "../state/route"
import { t } from "../strings"
import { IconButton } from "../ui/icon-button"
import { Waiting } from "../ui/spinner"
import { draftedRooms } from "./drafted"
import { FirstSteps } from "./first-steps"
import { LeaveDialog, RoomMenu } from "./room-menu"
import { RoomRow } from "./room-row"
import { roomsDialog } from "./rooms-dialog"
import { listed, nextRoom } from "./walk"
import "./room-list.css"

interface OpenMenu {
  readonly view: RoomView
  readonly place: DOMRect
}

/** All rooms and conversations. Arrow keys walk over them; Alt with arrows opens the next. */
export function RoomList() {
  const client = useClient()
  const views = useLive(client.rooms)
  const isReady = useLive(client.isReady)
  const list = useRef<HTMLDivElement>(null)
  const [menu, setMenu] = useState<OpenMenu | null>(null)
  const [leaving, setLeaving] = useState<RoomView | null>(null)
  const openMenu = useCallback((view: RoomView, place: DOMRect) => setMenu({ view, place }), [])
  const place = route.value
  const current = place.name === "room" ? place.roomId : null
  const { rooms, conversations, order } = useMemo(() => listed(views), [views])
  // What was written in a room is looked for when one leaves it.
  const drafted = useMemo(draftedRooms, [place])
  const tabStop = order.some(({ room }) => room.id === current) ? current : order[0]?.room.id
  const words = t().rooms
  useAltArrows(order, current)

  const rowOf = (view: RoomView) => (
    <RoomRow
      key={view.room.id}
      view={view}
      isCurrent={view.room.id === current}
      isTabStop={view.room.id === tabStop}
      hasDraft={drafted.has(view.room.id)}
      isMuted={mutedRooms.value.has(view.room.id)}
      onMenu={openMenu}
    />
  )
  return (
    <div ref={list} class="room-list" onKeyDown={(event) => walkRows(list.current, event)}>
      <section aria-label={words.title}>
        <header class="room-list-head">
          <h2>{words.title}</h2>
          <IconButton
            icon={Compass}
            label={words.find}
            onClick={() => navigate(pathTo.directory())}
          />
          <IconButton
            icon={Plus}
            label={words.create}
            onClick={() => {
              roomsDialog.value = "create"
            }}
          />
        </header>
        {!isReady && <Waiting />}
        {isReady && rooms.length === 0 && <p class="room-list-none">{words.noRooms}</p>}
        <ul>{rooms.map(rowOf)}</ul>
      </section>
      <section aria-label={words.conversations}>
        <header class="room-list-head">
          <h2>{words.conversations}</h2>
          <IconButton
            icon={PenLine}
            label={words.write}
            onClick={() => {
              roomsDialog.value = "conversation"
            }}
          />
        </header>
        {isReady && conversations.length === 0 && (
          <p class="room-list-none">{words.noConversations}</p>
        )}
        <ul>{conversations.map(rowOf)}</ul>
      </section>
      {isReady && order.length === 0 && (
        <div class="room-list-begin">
          <FirstSteps />
        </div>
      )}
      {menu !== null && (
        <RoomMenu
          view={menu.view}
          place={menu.place}
          onLeave={() => setLeaving(menu.view)}
          onClose={() => setMenu(null)}
        />
      )}
      {leaving !== null && <LeaveDialog view={leaving} onClose={() => setLeaving(null)} />}
    </div>
  )
}

/** Up and down between rows, from the keyboard; what is focused is opened by Enter. */
function walkRows(list: HTMLElement | null, event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  const edge = { Home: 0, End: -1 }[event.key]
  if (event.altKey || (step === undefined && edge === undefined)) return
  const rows = [...(list?.querySelectorAll<HTMLElement>(".room-row") ?? [])]
  const focused = document.activeElement
  const at = focused instanceof HTMLElement ? rows.indexOf(focused) : -1
  if (at < 0) return
  event.preventDefault()
  const to = step === undefined ? (edge ?? 0) : Math.min(Math.max(0, at + step), rows.length - 1)
  rows.at(to)?.focus()
}

/** Alt and arrows go to the next room of the list, with Shift to the next with something unread. */
function useAltArrows(order: readonly RoomView[], current: string | null): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      const isArrow = event.key === "ArrowDown" || event.key === "ArrowUp"
      if (!isArrow || !event.altKey || event.ctrlKey || event.metaKey) return
      event.preventDefault()
      const muted = mutedRooms.value
      const next = nextRoom(order, current, {
        step: event.key === "ArrowDown" ? 1 : -1,
        isWanted: ({ room, unread }) => !event.shiftKey || (unread > 0 && !muted.has(room.id)),
      })
      if (next !== undefined) navigate(pathTo.room(next.room.id))
    }
    addEventListener("keydown", onKeyDown)
    return () => removeEventListener("keydown", onKeyDown)
  }, [order, current])
}
