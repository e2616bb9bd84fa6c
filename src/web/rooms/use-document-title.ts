import { useEffect } from "preact/hooks"
import { useClient, useLive } from "../state/client"
import { roomName } from "../state/names"
import { mutedRooms } from "../state/preferences"
import { type Route, route } from "../state/route"
import { serverName } from "../state/server-name"
import { t } from "../strings"
import { countCalls } from "./walk"

/** What is open, in words; the page says it, and so does the tab of the browser, with what is new. */
export function useDocumentTitle(): string {
  const client = useClient()
  const views = useLive(client.rooms)
  const place = route.value
  const view = place.name === "room" ? views.find((it) => it.room.id === place.roomId) : undefined
  const what = view === undefined ? placeName(place) : roomName(view)
  const title = what === "" ? serverName.value : `${what} · ${serverName.value}`
  const calls = countCalls(views, mutedRooms.value)
  const shown = calls === 0 ? title : `(${calls > 99 ? "99+" : calls}) ${title}`
  useEffect(() => {
    document.title = shown
  }, [shown])
  return what === "" ? serverName.value : what
}

function placeName(place: Route): string {
  const { rooms, settings, admin, room } = t()
  switch (place.name) {
    case "home":
      return ""
    case "room":
      return room.title
    case "directory":
      return rooms.directory
    case "settings":
      return settings.title
    case "admin":
      return admin.title
    case "invite":
      return rooms.invitation
  }
}
