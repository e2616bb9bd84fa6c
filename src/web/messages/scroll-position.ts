/**
 * Where a list is scrolled to, said by what is seen there and not by a number of pixels: rows
 * above come and go, pictures load, and what one reads must stay where it is. The place is read
 * from the rows on the page and given back by looking at them again, so no estimate of a height
 * that turns out wrong is ever seen.
 */

export type Position =
  /** Follows what comes. */
  | { readonly type: "end" }
  /** `top`: from the upper edge of the list to what the row says, in pixels. */
  | { readonly type: "row"; readonly key: string; readonly top: number }

/** What of a row stays where it is: a day or a name above it may come or go. */
const ANCHOR = "[data-anchor]"

export const rowsIn = (content: HTMLElement): readonly HTMLElement[] =>
  [...content.children].flatMap((it) =>
    it instanceof HTMLElement && it.dataset.key !== undefined ? [it] : [],
  )

export const findRow = (content: HTMLElement, key: string): HTMLElement | null =>
  rowsIn(content).find((row) => row.dataset.key === key) ?? null

const anchorTop = (row: HTMLElement): number =>
  (row.querySelector(ANCHOR) ?? row).getBoundingClientRect().top

/** The first row that begins in sight; else the one that fills it. Null: none of them is in sight. */
export function readPosition(scroller: HTMLElement, content: HTMLElement): Position | null {
  const sight = scroller.getBoundingClientRect()
  let filling: HTMLElement | null = null
  for (const row of rowsIn(content)) {
    const { top, bottom } = row.getBoundingClientRect()
    if (bottom <= sight.top) continue
    if (top >= sight.bottom) break
    if (top >= sight.top) return positionOf(row, sight.top)
    filling = row
  }
  return filling === null ? null : positionOf(filling, sight.top)
}

const positionOf = (row: HTMLElement, sightTop: number): Position => ({
  type: "row",
  key: row.dataset.key ?? "",
  top: anchorTop(row) - sightTop,
})

/** Scrolls there. False: it is not there, because the row is not or the list ends before. */
export function applyPosition(
  scroller: HTMLElement,
  content: HTMLElement,
  position: Position,
): boolean {
  if (position.type === "end") {
    if (distanceToEnd(scroller) >= 1) scroller.scrollTop = scroller.scrollHeight
    return true
  }
  const row = findRow(content, position.key)
  if (row === null) return false
  const moved = () => anchorTop(row) - scroller.getBoundingClientRect().top - position.top
  const by = moved()
  // Each write ends a smooth scroll of the browser's, so none is made for nothing.
  if (Math.abs(by) < 1) return true
  scroller.scrollTop += by
  return Math.abs(moved()) < 1
}

export const distanceToEnd = ({ scrollHeight, clientHeight, scrollTop }: HTMLElement): number =>
  scrollHeight - clientHeight - scrollTop
