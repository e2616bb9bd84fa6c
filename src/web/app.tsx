import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import type { Client } from "../client/client"
import { startNotifications } from "./notifications/notifications"
import { Palette } from "./palette/palette"
import { Shortcuts } from "./palette/shortcuts.tsx"
import { RoomView } from "./room/room-view"
import { Directory } from "./rooms/directory"
import { InviteLanding } from "./rooms/invite-landing"
import { startPartnerPresence } from "./rooms/partner-presence"
import { RoomsDialogs } from "./rooms/rooms-dialogs"
import { Sidebar } from "./rooms/sidebar"
import { Start } from "./rooms/start"
import { useArrival } from "./rooms/use-arrival"
import { useDocumentTitle } from "./rooms/use-document-title"
import { useClient } from "./state/client"
import { type Route, route } from "./state/route"
import { serverName } from "./state/server-name"
import { startStatus } from "./state/status"
import { t } from "./strings"
import { takeOver } from "./take-over"
import { Button } from "./ui/button"
import { ErrorBoundary } from "./ui/error-boundary"
import { createLazy } from "./ui/lazy"
import "./app.css"

const SettingsView = createLazy(async () => (await import("./settings/settings-view")).SettingsView)
const AdminView = createLazy(async () => (await import("./admin/admin-view")).AdminView)

/** What somebody sees who is signed in: the rooms on the left, and what is open. */
export function App() {
  const main = useRef<HTMLElement>(null)
  const place = route.value
  const key = place.name === "room" ? place.roomId : place.name
  const client = useClient()
  // Below, things are read that may be another account's.
  useState(() => takeOver(client.me.value?.id ?? ""))
  useRunning(client)
  useArrival()
  const title = useDocumentTitle()
  useFocusOnArrival(main, key)

  return (
    <div class={place.name === "home" ? "app app-on-list" : "app app-on-main"}>
      <span class="skip-link">
        <Button kind="primary" onClick={() => main.current?.focus()}>
          {t().app.skipToContent}
        </Button>
      </span>
      <Sidebar />
      <main ref={main} class="app-main" tabIndex={-1} aria-label={title}>
        <ErrorBoundary key={key}>{viewOf(place)}</ErrorBoundary>
      </main>
      <Palette />
      <Shortcuts />
      <RoomsDialogs />
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

/** What runs as long as somebody is signed in. */
function useRunning(client: Client): void {
  useEffect(() => {
    client.connect()
    const stops = [startNotifications(client), startStatus(client), startPartnerPresence(client)]
    client.api.server.info().then(
      ({ name }) => {
        serverName.value = name
      },
      // It has a name without it; that the server is away is said elsewhere.
      () => undefined,
    )
    return () => {
      for (const stop of stops) stop()
      client.disconnect()
    }
  }, [client])
}

/**
 * Whoever goes somewhere finds the keyboard there, and hears what it is; not where a view has put
 * the focus itself, as into what one writes.
 */
function useFocusOnArrival(main: { readonly current: HTMLElement | null }, key: string): void {
  const isFirst = useRef(true)
  useLayoutEffect(() => {
    const wasFirst = isFirst.current
    isFirst.current = false
    const { current } = main
    if (wasFirst || current === null || current.contains(document.activeElement)) return
    if (document.querySelector("dialog[open]") === null) current.focus({ preventScroll: true })
  }, [key])
}
