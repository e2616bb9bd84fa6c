import { useEffect, useRef } from "preact/hooks"
import { startNotifications } from "./notifications/notifications"
import { Palette } from "./palette/palette"
import { Shortcuts } from "./palette/shortcuts.tsx"
import { RoomView } from "./room/room-view"
import { Directory } from "./rooms/directory"
import { InviteLanding } from "./rooms/invite-landing"
import { Sidebar } from "./rooms/sidebar"
import { Start } from "./rooms/start"
import { useClient } from "./state/client"
import { type Route, route } from "./state/route"
import { t } from "./strings"
import { Button } from "./ui/button"
import { ErrorBoundary } from "./ui/error-boundary"
import { createLazy } from "./ui/lazy"
import "./app.css"

const SettingsView = createLazy(async () => (await import("./settings/settings-view")).SettingsView)
const AdminView = createLazy(async () => (await import("./admin/admin-view")).AdminView)

/** What somebody sees who is signed in: the rooms on the left, and what is open. */
export function App() {
  const client = useClient()
  const main = useRef<HTMLElement>(null)
  const place = route.value

  useEffect(() => {
    client.connect()
    const stop = startNotifications(client)
    return () => {
      stop()
      client.disconnect()
    }
  }, [client])

  return (
    <div class={place.name === "home" ? "app app-on-list" : "app app-on-main"}>
      <span class="skip-link">
        <Button kind="primary" onClick={() => main.current?.focus()}>
          {t().app.skipToContent}
        </Button>
      </span>
      <Sidebar />
      <main ref={main} class="app-main" tabIndex={-1}>
        <ErrorBoundary key={place.name === "room" ? place.roomId : place.name}>
          {viewOf(place)}
        </ErrorBoundary>
      </main>
      <Palette />
      <Shortcuts />
    </div>
  )
}

function viewOf(place: Route) {
  switch (place.name) {
    case "home":
      return <Start />
    case "room":
      // Another room is another view: nothing of the one before is left in it.
      return (
        <RoomView
          key={place.roomId}
          roomId={place.roomId}
          at={place.at}
          threadId={place.threadId}
        />
      )
    case "directory":
      return <Directory />
    case "settings":
      return <SettingsView tab={place.tab} />
    case "admin":
      return <AdminView />
    case "invite":
      return <InviteLanding code={place.code} />
  }
}
