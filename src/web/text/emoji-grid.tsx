import { useEffect, useRef, useState } from "preact/hooks"
import type { Emoji } from "./emoji-set"
import { cellAfterKey } from "./grid-keys"

const columns = 8

interface EmojiGridProps {
  readonly emoji: readonly Emoji[]
  readonly label: string
  /** How one looks, with the skin that was chosen. */
  readonly face: (emoji: Emoji) => string
  readonly onPick: (emoji: Emoji) => void
  /** One is under the pointer, or has the focus. */
  readonly onLook: (emoji: Emoji) => void
}

/** Emoji in rows of eight; one stop of the tabulator, and arrows lead from one to the other. */
export function EmojiGrid({ emoji, label, face, onPick, onLook }: EmojiGridProps) {
  const [at, setAt] = useState(0)
  const grid = useRef<HTMLDivElement>(null)
  useEffect(() => {
    setAt(0)
    grid.current?.scrollTo(0, 0)
  }, [emoji])

  const onKeyDown = (event: KeyboardEvent) => {
    const next = cellAfterKey(event.key, { at, count: emoji.length, columns })
    if (next === null) {
      if (event.key === "ArrowUp") grid.current?.parentElement?.querySelector("input")?.focus()
      return
    }
    event.preventDefault()
    setAt(next)
    grid.current?.querySelectorAll<HTMLElement>("button")[next]?.focus()
  }

  return (
    <div class="emoji-grid" ref={grid} {...roles.grid} aria-label={label} onKeyDown={onKeyDown}>
      {rowsOf(emoji).map((row, rowAt) => (
        <div class="emoji-row" key={row[0]?.emoji ?? rowAt} {...roles.row}>
          {row.map((it, column) => (
            <div key={it.emoji} {...roles.cell}>
              <button
                type="button"
                tabIndex={rowAt * columns + column === at ? 0 : -1}
                aria-label={it.label}
                onClick={() => onPick(it)}
                onPointerEnter={() => onLook(it)}
                onFocus={() => {
                  setAt(rowAt * columns + column)
                  onLook(it)
                }}
              >
                {face(it)}
              </button>
            </div>
          ))}
        </div>
      ))}
    </div>
  )
}

const roles = {
  grid: { role: "grid" },
  row: { role: "row" },
  cell: { role: "gridcell" },
} as const

const rowsOf = (emoji: readonly Emoji[]): readonly (readonly Emoji[])[] =>
  Array.from({ length: Math.ceil(emoji.length / columns) }, (_, row) =>
    emoji.slice(row * columns, (row + 1) * columns),
  )
