import { Check, X } from "lucide"
import { useId, useRef, useState } from "preact/hooks"
import type { ApiProfile } from "../../protocol/answers"
import { useClient, useLive } from "../state/client"
import { personName } from "../state/names"
import { usePages } from "../state/use-pages"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Avatar } from "../ui/avatar"
import { Banner } from "../ui/banner"
import { Icon } from "../ui/icon"
import { IconButton } from "../ui/icon-button"
import "./people-picker.css"

export interface PeoplePickerProps {
  readonly label: string
  readonly chosen: readonly ApiProfile[]
  readonly onChange: (chosen: readonly ApiProfile[]) => void
  /** More can't be chosen. */
  readonly most: number
}

/** So long one must have stopped typing before the server is asked. */
const PAUSE_MS = 150

/** People who are not to be offered: oneself, and whom one has blocked. */
function useOthers(query: string) {
  const client = useClient()
  const me = useLive(client.me)
  const blocked = useRef<Promise<ReadonlySet<string>> | null>(null)

  async function listBlocked(): Promise<ReadonlySet<string>> {
    const { items } = await client.api.users.blocks({ limit: 200 })
    return new Set(items.map(({ id }) => id))
  }

  return usePages(
    query,
    async (cursor) => {
      blocked.current ??= listBlocked()
      const [page, hidden] = await Promise.all([
        client.api.users.list({ query, cursor, limit: 50 }),
        blocked.current,
      ])
      const items = page.items.filter(({ id }) => id !== me?.id && !hidden.has(id))
      return { ...page, items }
    },
    PAUSE_MS,
  )
}

/** Looks people up by name and gathers some of them; by the keyboard alone, too. */
export function PeoplePicker({ label, chosen, onChange, most }: PeoplePickerProps) {
  const [query, setQuery] = useState("")
  const [at, setAt] = useState(0)
  const found = useOthers(query.trim())
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const { rooms, app } = t()
  const people = found.items
  const active = people[Math.min(at, people.length - 1)]

  function toggle(person: ApiProfile): void {
    const others = chosen.filter((it) => it.id !== person.id)
    const isNew = others.length === chosen.length
    if (isNew && chosen.length >= most) return
    onChange(isNew ? [...chosen, person] : others)
    setQuery("")
    setAt(0)
    input.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && people.length > 0) {
      event.preventDefault()
      const next = (Math.min(at, people.length - 1) + step + people.length) % people.length
      setAt(next)
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" })
    }
    if (event.key === "Enter" && active !== undefined && !event.isComposing) {
      event.preventDefault()
      toggle(active)
    }
    if (event.key === "Backspace" && query === "") onChange(chosen.slice(0, -1))
  }

  return (
    <div class="people-picker">
      <label class="field-label" for={id}>
        {label}
      </label>
      <div class="people-chosen input">
        {chosen.map((person) => (
          <span key={person.id} class="person-chip">
            {personName(person)}
            <IconButton
              icon={X}
              label={rooms.remove(personName(person))}
              onClick={() => toggle(person)}
            />
          </span>
        ))}
        <input
          ref={input}
          id={id}
          type="text"
          role="combobox"
          aria-expanded={people.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={
            active === undefined ? undefined : `${id}-${people.indexOf(active)}`
          }
          aria-autocomplete="list"
          autocomplete="off"
          placeholder={chosen.length === 0 ? rooms.peopleSearch : undefined}
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <p class="field-hint" aria-live="polite">
        {chosen.length >= most
          ? rooms.most(most)
          : chosen.length > 0 && rooms.chosen(chosen.length)}
      </p>
      {found.failure !== null && (
        <Banner
          kind="danger"
          action={
            <button type="button" class="button button-plain" onClick={found.loadMore}>
              {app.retry}
            </button>
          }
        >
          {wordsFor(found.failure)}
        </Banner>
      )}
      {people.length === 0 && !found.isLoading && found.failure === null && (
        <p class="people-none">{rooms.peopleNone}</p>
      )}
      <div class="people-found" id={`${id}-list`} role="listbox" aria-label={rooms.peopleSearch}>
        {people.map((person, index) => (
          <Person
            key={person.id}
            id={`${id}-${index}`}
            person={person}
            isActive={person === active}
            isChosen={chosen.some((it) => it.id === person.id)}
            onPick={() => toggle(person)}
          />
        ))}
      </div>
    </div>
  )
}

interface PersonProps {
  readonly id: string
  readonly person: ApiProfile
  readonly isActive: boolean
  readonly isChosen: boolean
  readonly onPick: () => void
}

/** The keyboard reaches it through the field above, where the focus stays. */
function Person({ id, person, isActive, isChosen, onPick }: PersonProps) {
  return (
    <button
      type="button"
      tabIndex={-1}
      id={id}
      role="option"
      aria-selected={isChosen}
      class={isActive ? "person person-active" : "person"}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      <Avatar profile={person} size={28} />
      <span class="person-name">{personName(person)}</span>
      <span class="person-user">@{person.username}</span>
      {isChosen && <Icon node={Check} size={16} />}
    </button>
  )
}
