import { t } from "../strings"

export function AdminView() {
  return <h1>{t().admin.title}</h1>
}
