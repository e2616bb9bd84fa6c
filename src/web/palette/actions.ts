import {
  Activity,
  CheckCheck,
  Compass,
  type IconNode,
  Keyboard,
  LogOut,
  Monitor,
  Moon,
  PenLine,
  Pin,
  Plus,
  Search,
  Settings,
  Sun,
  UsersRound,
} from "lucide"
import type { Client } from "../../client/client"
import { roomsDialog } from "../rooms/rooms-dialog"
import { type Theme, theme } from "../state/preferences"
import { navigate, pathTo, type Route } from "../state/route"
import { type SidePanel, sidePanel } from "../state/side-panel"
import { showToast } from "../state/toasts"
import { t } from "../strings"
import type { PaletteEntry } from "./entries"
import { shortcutsOpen, signingOut } from "./palette-state"

type ActionId = keyof ReturnType<typeof t>["palette"]["actions"]

interface Action {
  readonly id: ActionId
  readonly icon: IconNode
  readonly run: () => void | Promise<void>
}

/** What can be done from anywhere, as far as it makes sense where one is. */
export function actionEntries(client: Client, place: Route): readonly PaletteEntry[] {
  const isAdmin = client.me.value?.role === "admin"
  const actions: readonly Action[] = [
    { id: "createRoom", icon: Plus, run: () => openDialog("create") },
    { id: "newConversation", icon: PenLine, run: () => openDialog("conversation") },
    { id: "directory", icon: Compass, run: () => navigate(pathTo.directory()) },
    { id: "search", icon: Search, run: () => show("search") },
    ...(place.name === "room" ? roomActions : []),
    { id: "markAllRead", icon: CheckCheck, run: () => markAllRead(client) },
    ...themeActions.filter(({ id }) => id !== theme.value),
    { id: "settings", icon: Settings, run: () => navigate(pathTo.settings()) },
    { id: "shortcuts", icon: Keyboard, run: showShortcuts },
    ...(isAdmin
      ? [{ id: "admin", icon: Activity, run: () => navigate(pathTo.admin()) } as const]
      : []),
    { id: "signOut", icon: LogOut, run: askSignOut },
  ]
  const words = t().palette.actions
  return actions.map(({ id, icon, run }) => ({
    id: `action ${id}`,
    kind: "action",
    label: words[id].label,
    words: words[id].words,
    icon,
    run,
  }))
}

const roomActions: readonly Action[] = [
  { id: "members", icon: UsersRound, run: () => show("members") },
  { id: "pins", icon: Pin, run: () => show("pins") },
]

const themeActions = [
  { id: "light", icon: Sun, run: () => setTheme("light") },
  { id: "dark", icon: Moon, run: () => setTheme("dark") },
  { id: "system", icon: Monitor, run: () => setTheme("system") },
] as const satisfies readonly Action[]

function showShortcuts(): void {
  shortcutsOpen.value = true
}

function setTheme(wanted: Theme): void {
  theme.value = wanted
}

function show(panel: SidePanel): void {
  sidePanel.value = panel
}

function openDialog(dialog: "create" | "conversation"): void {
  roomsDialog.value = dialog
}

/** Each room as far as it is known here: what comes meanwhile is unread. */
function markAllRead(client: Client): void {
  for (const { room, unread } of client.rooms.value) {
    if (unread > 0) client.room(room.id).markRead(room.head)
  }
  showToast(t().palette.markedRead)
}

/** Asked first: it is the one thing here that can't be taken back. */
function askSignOut(): void {
  signingOut.value = true
}
