import { Search } from "lucide"
import { paletteOpen } from "../palette/palette-state"
import { isAppleMachine } from "../palette/start-keys"
import { t } from "../strings"
import { Icon } from "../ui/icon"
import { ConnectionBanner } from "./connection-banner"
import { MeBar } from "./me-bar"
import { RoomList } from "./room-list"
import "./sidebar.css"

/** The same in all languages. */
const APPLE_KEYS = "⌘ K"

/** Beside everything, or on a phone before it: who one is, where one can go, what is new there. */
export function Sidebar() {
  const { rooms } = t()
  return (
    <nav class="sidebar" aria-label={rooms.title}>
      <MeBar />
      <button
        type="button"
        class="sidebar-search"
        onClick={() => {
          paletteOpen.value = true
        }}
      >
        <Icon node={Search} size={16} />
        <span>{rooms.search}</span>
        <kbd>{isAppleMachine() ? APPLE_KEYS : rooms.searchKeys}</kbd>
      </button>
      <div class="sidebar-connection">
        <ConnectionBanner />
      </div>
      <RoomList />
    </nav>
  )
}
