import { t } from "../strings"

export function Sidebar() {
  return <h2 class="sidebar">{t().rooms.title}</h2>
}
