import { X } from "lucide"
import { useState } from "preact/hooks"
import { useClient, useLive } from "../state/client"
import { roomName } from "../state/names"
import { t } from "../strings"
import { Button } from "../ui/button"
import { Field } from "../ui/field"
import { Icon } from "../ui/icon"
import { Select, TextInput } from "../ui/input"
import { Switch } from "../ui/switch"
import { DayInput } from "./day-input"
import { type FilterKind, filterValue, parseQuery, withFilter, withoutFilter } from "./query"

export interface SearchFiltersProps {
  /** Which room is open; null: none. */
  readonly roomId: string | null
  readonly text: string
  readonly onChange: (text: string) => void
}

/** The filters of a query: each that holds as a chip, and a form that writes them. */
export function SearchFilters({ roomId, text, onChange }: SearchFiltersProps) {
  const [isOpen, setOpen] = useState(false)
  const { filters } = parseQuery(text)
  const words = t().search
  return (
    <div class="search-filters">
      <div class="search-chips">
        {filters.map(({ kind, value }) => {
          const label = words.chip[kind](value)
          return (
            <button
              key={kind}
              type="button"
              class="search-chip"
              aria-label={words.remove(label)}
              onClick={() => onChange(withoutFilter(text, kind))}
            >
              {label} <Icon node={X} size={14} />
            </button>
          )
        })}
        <button
          type="button"
          class="search-chip search-chip-more"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {words.filters}
        </button>
        <OnlyHere roomId={roomId} text={text} onChange={onChange} />
      </div>
      {isOpen && <FilterForm text={text} onChange={onChange} onClose={() => setOpen(false)} />}
    </div>
  )
}

/** Narrows it to the room that is open, by one press. */
function OnlyHere({ roomId, text, onChange }: SearchFiltersProps) {
  const rooms = useLive(useClient().rooms)
  const here = rooms.find(({ room }) => room.id === roomId)
  if (here === undefined || filterValue(parseQuery(text), "in") !== "") return null
  const value = roomName(here)
  return (
    <button
      type="button"
      class="search-chip"
      onClick={() => onChange(withFilter(text, { kind: "in", value }))}
    >
      {t().search.inThisRoom}
    </button>
  )
}

interface FilterFormProps extends Omit<SearchFiltersProps, "roomId"> {
  readonly onClose: () => void
}

function FilterForm(props: FilterFormProps) {
  const { text, onChange, onClose } = props
  const rooms = useLive(useClient().rooms)
  const parsed = parseQuery(text)
  const words = t().search
  const set = (kind: FilterKind, value: string) => onChange(withFilter(text, { kind, value }))
  const names = rooms.map((view) => roomName(view))
  const inRoom = filterValue(parsed, "in")
  const options = ["", ...new Set([...names, ...(inRoom === "" ? [] : [inRoom])])]
  const day = (kind: "after" | "before", label: string) => (
    <Field label={label}>
      <DayInput
        value={isIsoDay(filterValue(parsed, kind)) ? filterValue(parsed, kind) : ""}
        onInput={(value) => set(kind, value)}
      />
    </Field>
  )
  return (
    <form
      class="search-form"
      onSubmit={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <Field label={words.from} hint={words.fromHint}>
        <TextInput
          value={filterValue(parsed, "from")}
          autocomplete="off"
          onInput={(value) => set("from", value)}
        />
      </Field>
      <Field label={words.in}>
        <Select
          value={inRoom}
          options={options.map((value) => ({ value, label: value === "" ? words.anyRoom : value }))}
          onChange={(value) => set("in", value)}
        />
      </Field>
      {day("after", words.after)}
      {day("before", words.before)}
      <Switch
        label={words.hasFile}
        isOn={filterValue(parsed, "has") === "file"}
        onChange={(isOn) => set("has", isOn ? "file" : "")}
      />
      <div>
        <Button type="submit">{words.closeFilters}</Button>
      </div>
    </form>
  )
}

const isIsoDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text)
