import { SearchX } from "lucide"
import { useRef, useState } from "preact/hooks"
import type { ApiSearchHit } from "../../protocol/answers"
import { MorePages } from "../room/more-pages"
import { PanelFrame } from "../room/panel-frame"
import { navigate, pathTo } from "../state/route"
import { sidePanel } from "../state/side-panel"
import { t } from "../strings"
import { Banner } from "../ui/banner"
import { EmptyState } from "../ui/empty-state"
import { TextInput } from "../ui/input"
import { RecentSearches } from "./recent-list"
import { readRecentSearches, rememberSearch } from "./recent-searches"
import { SearchFilters } from "./search-filters"
import { focusFirstHit, SearchResults } from "./search-results"
import { searchText } from "./search-state"
import { type Search, useSearch } from "./use-search"
import "./search-panel.css"

export interface SearchPanelProps {
  /** Null: in all rooms. */
  readonly roomId: string | null
  readonly onClose: () => void
}

/** Looks for messages beside the room; what was looked for stays while hits are opened. */
export function SearchPanel({ roomId, onClose }: SearchPanelProps) {
  const text = searchText.value
  const search = useSearch(text)
  const body = useRef<HTMLDivElement>(null)
  const [recent, setRecent] = useState(() => readRecentSearches(localStorage))
  const words = t().search

  const remember = () => setRecent(rememberSearch(localStorage, text))
  const set = (next: string) => {
    searchText.value = next
  }

  function openHit({ message }: ApiSearchHit): void {
    remember()
    // On phones the panel lies over the room: to jump is to leave it.
    if (matchMedia("(max-width: 1099px)").matches) sidePanel.value = null
    navigate(pathTo.room(message.room_id, { at: message.seq }))
  }

  return (
    <PanelFrame title={words.title} onClose={onClose}>
      <search class="panel-tools">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            search.askNow()
            remember()
          }}
        >
          <TextInput
            type="search"
            autofocus
            autocomplete="off"
            aria-label={words.box}
            placeholder={words.placeholder}
            maxLength={256}
            value={text}
            onInput={set}
            onKeyDown={(event) => {
              if (event.key !== "ArrowDown") return
              event.preventDefault()
              focusFirstHit(body.current)
            }}
          />
        </form>
        <SearchFilters roomId={roomId} text={text} onChange={set} />
      </search>
      <div ref={body} class="panel-scroll">
        <p class="visually-hidden" role="status">
          {saidOf(search)}
        </p>
        <Found search={search} onOpen={openHit} />
        {search.request.type === "nothing" && (
          <RecentSearches recent={recent} onChange={setRecent} onChoose={set} />
        )}
      </div>
    </PanelFrame>
  )
}

interface FoundProps {
  readonly search: Search
  readonly onOpen: (hit: ApiSearchHit) => void
}

function Found({ search, onOpen }: FoundProps) {
  const { request, hits, unknownPerson } = search
  const words = t().search
  if (request.type === "problem" || unknownPerson !== null) {
    return (
      <div class="panel-note">
        <Banner kind="warn">{problemOf(search)}</Banner>
      </div>
    )
  }
  if (request.type === "nothing") return null
  const isEmpty = !hits.isLoading && hits.failure === null && hits.items.length === 0
  return (
    <>
      {isEmpty && (
        <EmptyState icon={SearchX} title={words.none}>
          <p>{words.noneText}</p>
        </EmptyState>
      )}
      <SearchResults hits={hits} onOpen={onOpen} />
      <MorePages pages={hits} />
    </>
  )
}

function problemOf({ request, unknownPerson }: Search): string {
  const { problems } = t().search
  if (unknownPerson !== null) return problems.unknown_person(unknownPerson)
  return request.type === "problem" ? problems[request.problem.code](request.problem.value) : ""
}

/** For those who hear it: how many there are, once that is known. */
function saidOf({ request, hits, isWaiting }: Search): string {
  const words = t().search
  if (request.type !== "search" || hits.failure !== null) return ""
  if (isWaiting || (hits.isLoading && hits.items.length === 0)) return words.loading
  if (hits.items.length === 0) return words.none
  return words.found(hits.items.length, !hits.hasMore)
}
