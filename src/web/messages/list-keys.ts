import type { Row } from "./grouping"
import type { ListHandle } from "./list-view"

/** What keys do while the list or one of its messages has the focus, and not what is in it. */
export interface KeyActions {
  readonly menu: (row: Row, element: Element) => void
  readonly reply: (row: Row) => void
  readonly thread: (row: Row) => void
  readonly edit: (row: Row) => void
  readonly toEnd: () => void
}

interface Keys {
  readonly rows: readonly Row[]
  readonly list: ListHandle
  readonly actions: KeyActions
  /** Where to begin when no message has the focus. */
  readonly lastInSight: string | null
}

/**
 * Arrows go from message to message, Enter opens its menu, R, T and E answer, thread and edit.
 * Whether the key meant anything.
 */
export function pressKey(
  event: KeyboardEvent,
  { rows, list, actions, lastInSight }: Keys,
): boolean {
  const { target, key } = event
  if (event.ctrlKey || event.metaKey || event.altKey || !(target instanceof HTMLElement)) {
    return false
  }
  const focused = target.dataset.key ?? null
  if (focused === null && target !== list.element) return false
  const at = rows.findIndex((it) => it.key === focused)
  const from = at === -1 ? rows.findIndex((it) => it.key === lastInSight) : at
  const go = (index: number): boolean => {
    const row = rows[index]
    if (row !== undefined) list.focusRow(row.key)
    return row !== undefined
  }
  switch (key) {
    case "ArrowUp":
      return go(at === -1 ? from : at - 1)
    case "ArrowDown":
      return go(at === -1 ? from : at + 1)
    case "Home":
      return go(0)
    case "End":
      actions.toEnd()
      return go(rows.length - 1)
    default: {
      const row = rows[at]
      return row !== undefined && pressOnRow(key, row, target, actions)
    }
  }
}

function pressOnRow(key: string, row: Row, element: Element, actions: KeyActions): boolean {
  switch (key) {
    case "Enter":
      actions.menu(row, element)
      return true
    case "r":
      actions.reply(row)
      return true
    case "t":
      actions.thread(row)
      return true
    case "e":
      actions.edit(row)
      return true
    default:
      return false
  }
}
