/** Where a key leads in a grid that is filled row by row. */
interface GridPlace {
  readonly at: number
  readonly count: number
  readonly columns: number
}

/** The cell that a key goes to, or null where it is none of a grid's keys, or leads out above it. */
export function cellAfterKey(key: string, { at, count, columns }: GridPlace): number | null {
  const last = count - 1
  const within = (cell: number) => Math.max(0, Math.min(last, cell))
  switch (key) {
    case "ArrowRight":
      return within(at + 1)
    case "ArrowLeft":
      return within(at - 1)
    case "ArrowDown":
      return at + columns > last ? within(at) : at + columns
    case "ArrowUp":
      return at < columns ? null : at - columns
    case "Home":
      return at - (at % columns)
    case "End":
      return within(at - (at % columns) + columns - 1)
    case "PageDown":
      return within(at + columns * 5)
    case "PageUp":
      return within(at - columns * 5)
    default:
      return null
  }
}
