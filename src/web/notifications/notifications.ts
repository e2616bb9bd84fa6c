import { effect } from "@preact/signals"
import type { Client, RoomView } from "../../client/client"
import type { ApiMessage } from "../../protocol/answers"
import { countCalls } from "../rooms/walk"
import { mutedRooms, notificationsOn } from "../state/preferences"
import { navigate, pathTo, route } from "../state/route"
import { status } from "../state/status"
import { t } from "../strings"
import { bannerOf, type RoomBanner } from "./banner"
import { createFavicon } from "./favicon"
import { levelOf, soundOn, startLevels } from "./levels"
import { lookAtPermission, permission } from "./permission"
import { shouldNotify } from "./should-notify"
import { chime } from "./sound"

/** Of a room, while the browser shows it. */
interface Standing {
  readonly banner: RoomBanner
  readonly notification: Notification
}

/**
 * Tells somebody what is said while they look elsewhere: by the browser's notifications, where one
 * wants them, and by the page's icon. Until the returned function is called.
 */
export function startNotifications(client: Client): () => void {
  const standing = new Map<string, Standing>()
  const favicon = createFavicon(document)
  const stopLevels = startLevels()
  lookAtPermission()

  function onMessage(message: ApiMessage): void {
    const view = viewOf(client, message.room_id)
    const me = client.me.value
    if (view === undefined || me === null) return
    const isTold = shouldNotify(message, {
      isWanted: notificationsOn.value && permission.value === "granted",
      myId: me.id,
      myStatus: status.value,
      level: levelOf(view.room),
      roomType: view.room.type,
      isLookedAt: isLookedAt(message.room_id),
      lastReadSeq: view.lastReadSeq,
      now: Date.now(),
    })
    if (isTold) show(message, view)
  }

  function show(message: ApiMessage, { room }: RoomView): void {
    const banner = bannerOf(message, room, standing.get(room.id)?.banner, t().notifications)
    const notification = new Notification(banner.title, {
      body: banner.body,
      tag: banner.tag,
      silent: true,
      icon: "/favicon.svg",
    })
    standing.set(room.id, { banner, notification })
    notification.onclick = () => {
      window.focus()
      navigate(pathTo.room(room.id, { at: banner.seq }))
      notification.close()
    }
    notification.onclose = () => {
      if (standing.get(room.id)?.notification === notification) standing.delete(room.id)
    }
    if (soundOn.value) chime()
  }

  /** What is open and in front has been seen: its notification would only be in the way. */
  function forgetSeen(): void {
    lookAtPermission()
    for (const [roomId, { notification }] of standing) {
      if (isLookedAt(roomId)) notification.close()
    }
  }

  /** The page's title counts the same. */
  function showCalls(): void {
    favicon.mark(countCalls(client.rooms.value, mutedRooms.value) > 0)
  }

  const stops = [
    client.on("message.created", ({ message }) => onMessage(message)),
    client.rooms.subscribe(showCalls),
    // Also when a room is muted, or another one opened.
    effect(showCalls),
    effect(() => {
      if (route.value.name === "room") forgetSeen()
    }),
    listen("visibilitychange", forgetSeen),
  ]
  return () => {
    for (const stop of stops) stop()
    for (const { notification } of standing.values()) notification.close()
    stopLevels()
    favicon.mark(false)
  }
}

const viewOf = (client: Client, roomId: string) =>
  client.rooms.value.find((it) => it.room.id === roomId)

function isLookedAt(roomId: string): boolean {
  const place = route.peek()
  const isOpen = place.name === "room" && place.roomId === roomId
  return isOpen && document.visibilityState === "visible" && document.hasFocus()
}

function listen(event: "visibilitychange", listener: () => void): () => void {
  document.addEventListener(event, listener)
  return () => document.removeEventListener(event, listener)
}
