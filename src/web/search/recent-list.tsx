import { History, Search, X } from "lucide"
import { t } from "../strings"
import { EmptyState } from "../ui/empty-state"
import { Icon } from "../ui/icon"
import { IconButton } from "../ui/icon-button"
import { forgetSearch } from "./recent-searches"

export interface RecentSearchesProps {
  readonly recent: readonly string[]
  readonly onChange: (recent: readonly string[]) => void
  readonly onChoose: (text: string) => void
}

/** Before anything is typed: what was looked for last, or how to look for anything. */
export function RecentSearches({ recent, onChange, onChoose }: RecentSearchesProps) {
  const words = t().search
  if (recent.length === 0) {
    return (
      <EmptyState icon={Search} title={words.idle}>
        <p>{words.idleText}</p>
        <ul class="search-examples">
          {words.examples.map((example) => (
            <li key={example}>
              <code>{example}</code>
            </li>
          ))}
        </ul>
      </EmptyState>
    )
  }
  return (
    <section aria-label={words.recent}>
      <h3 class="member-group-title">{words.recent}</h3>
      <ul>
        {recent.map((text) => (
          <li key={text} class="recent-search">
            <button type="button" class="member-row" onClick={() => onChoose(text)}>
              <Icon node={History} size={16} />
              <span class="recent-text">{text}</span>
            </button>
            <IconButton
              icon={X}
              label={words.forget(text)}
              onClick={() => onChange(forgetSearch(localStorage, text))}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}
