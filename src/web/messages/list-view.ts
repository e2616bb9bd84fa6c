/**
 * The scrolling of a `VirtualList`: which rows are to be there, and where they stand. Apart from
 * what draws them, because the page's own place (`scrollTop`) changes between drawings, and is
 * read and written here only.
 */
import { createHeights, type Extent, extentOf, isShort, type Sight, topsOf } from "./layout"
import {
  applyPosition,
  distanceToEnd,
  findRow,
  type Position,
  readPosition,
  rowsIn,
} from "./scroll-position"

/** Of a row of which nothing is known, in a list of which nothing was seen. */
const ROW_PX_GUESSED = 60
/** Rows are made so far beyond what is in sight, */
const MADE_PX = 1_000
/** and again once so little of that is left: many scrolls pass between two drawings. */
const LEFT_PX = 400
/** More is asked for when so many screens are left. */
const ASKED_SCREENS = 2
/** So near the end one is at the end. */
const AT_END_PX = 24
/** Rows that are gone are forgotten once there are so many more heights than rows. */
const HEIGHTS_SPARE = 500

export interface ListWishes {
  /** The end of the list is the end of all: it is followed there. */
  readonly endsAll: boolean
  readonly onNearStart: () => void
  readonly onNearEnd: () => void
  /** Told what is in sight, after each scroll and change; the keys of the first and last row. */
  readonly onSight: (sight: ListSight) => void
}

export interface ListSight {
  readonly first: string | null
  readonly last: string | null
  readonly isAtEnd: boolean
  readonly screensToEnd: number
}

export interface ListHandle {
  scrollToEnd(): void
  /** Its top goes to this share of the screen. */
  scrollToRow(key: string, share?: number): void
  scrollByScreens(screens: number): void
  focusRow(key: string): void
  readonly element: HTMLElement | null
}

export interface ListView {
  /** Which of these rows are to be drawn. */
  lay(keys: readonly string[], wishes: ListWishes): Extent
  attach(scroller: HTMLElement, content: HTMLElement): () => void
  /** After each drawing, before it is seen. */
  settle(): void
  readonly handle: ListHandle
}

const NOTHING: Extent = { first: 0, end: 0, before: 0, after: 0 }

export function createListView(redraw: () => void): ListView {
  const heights = createHeights(ROW_PX_GUESSED)
  let page: { readonly scroller: HTMLElement; readonly content: HTMLElement } | null = null
  let keys: readonly string[] = []
  let wishes: ListWishes | null = null
  let tops = topsOf([], heights)
  let extent = NOTHING
  let position: Position = { type: "end" }
  let lastTop = 0
  let screen = 800
  /** A row that is to have the focus once it is there. */
  let wanted: string | null = null
  let hadFocus = false
  const observer = new ResizeObserver(() => onResize())
  let observed = new Set<Element>()

  function lay(nextKeys: readonly string[], nextWishes: ListWishes): Extent {
    if (nextKeys !== keys && heights.size > nextKeys.length + HEIGHTS_SPARE) {
      heights.keep(new Set(nextKeys))
    }
    // A drawing may come before the browser tells of a scroll, and must not undo it.
    takeScroll()
    hadFocus = page?.content.contains(document.activeElement) ?? false
    keys = nextKeys
    wishes = nextWishes
    if (position.type === "end" && !wishes.endsAll) position = readNow() ?? position
    tops = topsOf(keys, heights)
    extent = extentOf(tops, sightOf(), MADE_PX)
    return extent
  }

  /** By the rows, not by the page: rows may have come above what is looked at. */
  function sightOf(): Sight {
    const total = tops[keys.length] ?? 0
    if (position.type === "row") {
      const index = keys.indexOf(position.key)
      if (index !== -1) {
        const top = (tops[index] ?? 0) - position.top
        return { top, bottom: top + screen }
      }
    }
    return { top: total - screen, bottom: total }
  }

  const readNow = () => (page === null ? null : readPosition(page.scroller, page.content))

  function settle(): void {
    if (page === null) return
    const { scroller, content } = page
    screen = scroller.clientHeight
    measure(content)
    const isThere = applyPosition(scroller, content, position)
    if (!isThere) position = isFollowed(scroller) ? { type: "end" } : (readNow() ?? position)
    lastTop = scroller.scrollTop
    if (wanted !== null) focusRow(wanted)
    // The row that had it is gone: keys go on from the list.
    if (hadFocus && document.activeElement === document.body)
      scroller.focus({ preventScroll: true })
    look()
  }

  function focusRow(key: string): void {
    const row = page === null ? null : findRow(page.content, key)
    wanted = row === null ? key : null
    row?.focus({ preventScroll: true })
    row?.scrollIntoView({ block: "nearest" })
  }

  /** Rows that are new are measured once, and again whenever they change. True: something has. */
  function measure(content: HTMLElement): boolean {
    const rows = rowsIn(content)
    const current = new Set<Element>(rows)
    for (const row of observed) if (!current.has(row)) observer.unobserve(row)
    let hasChanged = false
    for (const row of rows) {
      if (!observed.has(row)) observer.observe(row)
      if (heights.set(row.dataset.key ?? "", row.offsetHeight)) hasChanged = true
    }
    observed = current
    return hasChanged
  }

  /** Each row is told of once when it comes, which changes nothing. */
  function onResize(): void {
    if (page === null) return
    const isOtherScreen = page.scroller.clientHeight !== screen
    if (measure(page.content) || isOtherScreen) settle()
  }

  const isFollowed = (scroller: HTMLElement): boolean =>
    wishes?.endsAll === true && distanceToEnd(scroller) <= AT_END_PX

  function onScroll(): void {
    takeScroll()
    look()
  }

  /** Somebody has scrolled since the place was last looked at, or written. */
  function takeScroll(): void {
    if (page === null) return
    const { scroller, content } = page
    const top = scroller.scrollTop
    if (Math.abs(top - lastTop) < 1) return
    const isBack = top < lastTop && distanceToEnd(scroller) > 2
    lastTop = top
    if (isFollowed(scroller) && !isBack) position = { type: "end" }
    else position = readPosition(scroller, content) ?? positionAt(top)
  }

  /** Scrolled to where no row was made yet, by dragging the scroll bar. */
  function positionAt(top: number): Position {
    const first = extentOf(tops, { top, bottom: top }, 0).first
    const key = keys[first]
    return key === undefined ? position : { type: "row", key, top: (tops[first] ?? 0) - top }
  }

  /** Whether rows are missing or more are to be asked for, and what is in sight. */
  function look(): void {
    if (page === null || wishes === null) return
    const sight = sightOf()
    const total = tops[keys.length] ?? 0
    if (isShort(extent, tops, sight, LEFT_PX)) redraw()
    if (sight.top < screen * ASKED_SCREENS) wishes.onNearStart()
    if (!wishes.endsAll && total - sight.bottom < screen * ASKED_SCREENS) wishes.onNearEnd()
    wishes.onSight(sightNow(page.scroller, page.content))
  }

  function sightNow(scroller: HTMLElement, content: HTMLElement): ListSight {
    const { top, bottom } = scroller.getBoundingClientRect()
    const seen = rowsIn(content).flatMap((row) => {
      const rect = row.getBoundingClientRect()
      return rect.bottom > top && rect.top < bottom
        ? [{ row, isWhole: rect.bottom < bottom + 1 }]
        : []
    })
    // What is not wholly in sight was not read yet, unless nothing else is in sight.
    const last = seen.findLast(({ isWhole }) => isWhole) ?? seen.at(-1)
    return {
      first: seen[0]?.row.dataset.key ?? null,
      last: last?.row.dataset.key ?? null,
      isAtEnd: position.type === "end",
      screensToEnd: distanceToEnd(scroller) / Math.max(1, screen),
    }
  }

  function attach(scroller: HTMLElement, content: HTMLElement): () => void {
    page = { scroller, content }
    screen = scroller.clientHeight
    scroller.addEventListener("scroll", onScroll, { passive: true })
    observer.observe(scroller)
    return () => {
      scroller.removeEventListener("scroll", onScroll)
      observer.disconnect()
      observed = new Set()
      page = null
    }
  }

  function moveTo(next: Position): void {
    position = next
    redraw()
  }

  const handle: ListHandle = {
    scrollToEnd: () => moveTo({ type: "end" }),
    scrollToRow: (key, share = 1 / 3) => moveTo({ type: "row", key, top: screen * share }),
    scrollByScreens(screens) {
      page?.scroller.scrollBy({ top: screens * screen })
    },
    focusRow,
    get element() {
      return page?.scroller ?? null
    },
  }

  return { lay, attach, settle, handle }
}
