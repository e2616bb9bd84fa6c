import { t } from "../strings"

export function Start() {
  return <h2 class="start">{t().rooms.title}</h2>
}
