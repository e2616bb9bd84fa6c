import { t } from "../strings"

export interface SearchPanelProps {
  /** Null: in all rooms. */
  readonly roomId: string | null
  readonly onClose: () => void
}

export function SearchPanel(_props: SearchPanelProps) {
  return <h2>{t().search.title}</h2>
}
