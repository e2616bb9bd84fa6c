import { t } from "../strings"

export function Directory() {
  return <h2 class="directory">{t().rooms.title}</h2>
}
