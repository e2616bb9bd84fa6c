import { Search } from "lucide"
import { useEffect, useId, useState } from "preact/hooks"
import { showError } from "../state/toasts"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Icon } from "../ui/icon"
import { useModal } from "../ui/use-modal"
import type { PaletteEntry } from "./entries"
import { PaletteRow } from "./palette-row"
import { paletteOpen } from "./palette-state"
import { useEntries } from "./use-entries"
import "./palette.css"

/** A box in which one types, and what answers to it below: all of it by the keyboard. */
export function PaletteDialog() {
  const [query, setQuery] = useState("")
  const [chosen, setChosen] = useState(0)
  const { ranked, people } = useEntries(query)
  const dialog = useModal("input")
  const id = useId()
  const words = t().palette
  const at = Math.min(chosen, ranked.length - 1)
  const rowId = (index: number) => `${id}-${index}`
  useRowInSight(rowId(at), query)

  function run(entry: PaletteEntry | undefined): void {
    if (entry === undefined) return
    close()
    void carryOut(entry)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing) return
    if (event.key === "Enter") run(ranked[at]?.entry)
    const next = indexBy(event, at, ranked.length)
    if (next !== undefined) setChosen(next)
    if (next !== undefined || event.key === "Enter") event.preventDefault()
  }

  return (
    <dialog
      ref={dialog}
      class="palette"
      aria-label={words.title}
      onCancel={(event) => {
        event.preventDefault()
        close()
      }}
      onMouseDown={(event) => {
        if (event.target === dialog.current) close()
      }}
    >
      <div class="palette-box">
        <Icon node={Search} size={18} />
        <input
          type="text"
          class="palette-input"
          role="combobox"
          aria-label={words.box}
          aria-expanded={ranked.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={ranked.length > 0 ? rowId(at) : undefined}
          autocomplete="off"
          spellcheck={false}
          maxLength={64}
          placeholder={words.placeholder}
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value)
            setChosen(0)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id={`${id}-list`} class="palette-list" role="listbox" aria-label={words.results}>
        {ranked.map(({ entry, positions }, index) => (
          <PaletteRow
            key={entry.id}
            id={rowId(index)}
            entry={entry}
            positions={positions}
            isChosen={index === at}
            onChoose={() => run(entry)}
            onPoint={() => setChosen(index)}
          />
        ))}
      </div>
      {ranked.length === 0 && <p class="palette-note">{words.none}</p>}
      {people.failure !== null && (
        <p class="palette-note" role="alert">
          {words.peopleFailed} {wordsFor(people.failure)}
        </p>
      )}
      <p class="visually-hidden" role="status">
        {ranked.length === 0 ? words.none : words.found(ranked.length)}
      </p>
      <Hint />
    </dialog>
  )
}

function Hint() {
  const { hint } = t().palette
  return (
    <p class="palette-hint" aria-hidden="true">
      <span>
        <kbd>↑</kbd> <kbd>↓</kbd> {hint.move}
      </span>
      <span>
        <kbd>↵</kbd> {hint.choose}
      </span>
      <span>
        <kbd>Esc</kbd> {hint.close}
      </span>
    </p>
  )
}

function close(): void {
  paletteOpen.value = false
}

async function carryOut({ run }: PaletteEntry): Promise<void> {
  try {
    await run()
  } catch (error) {
    showError(error)
  }
}

/** Which row a key leads to; undefined: it leads to none. */
function indexBy({ key, ctrlKey }: KeyboardEvent, at: number, count: number): number | undefined {
  if (count === 0) return undefined
  if (key === "ArrowDown" || (ctrlKey && key === "n")) return (at + 1) % count
  if (key === "ArrowUp" || (ctrlKey && key === "p")) return (at - 1 + count) % count
  if (key === "PageDown") return Math.min(count - 1, at + 8)
  if (key === "PageUp") return Math.max(0, at - 8)
  return undefined
}

function useRowInSight(id: string, query: string): void {
  useEffect(() => {
    document.getElementById(id)?.scrollIntoView({ block: "nearest" })
  }, [id, query])
}
