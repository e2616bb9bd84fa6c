import { useRef, useState } from "preact/hooks"

/** A finger that rests so long on a message asks for its menu. */
const LONG_PRESS_MS = 500
/** One that moves so far scrolls. */
const STILL_PX = 10

export interface ActiveRow {
  /** The row that the pointer is on, or the focus. */
  readonly key: string | null
  readonly handlers: {
    readonly onMouseOver: (event: MouseEvent) => void
    readonly onMouseLeave: () => void
    readonly onFocusIn: (event: FocusEvent) => void
    readonly onFocusOut: (event: FocusEvent) => void
    readonly onPointerDown: (event: PointerEvent) => void
    readonly onPointerMove: (event: PointerEvent) => void
    readonly onPointerUp: () => void
    readonly onPointerCancel: () => void
    readonly onContextMenu: (event: MouseEvent) => void
  }
}

interface Press {
  readonly x: number
  readonly y: number
  readonly isTouch: boolean
  readonly timer: ReturnType<typeof setTimeout> | null
}

/**
 * Which row shows what can be done with it: one for the whole list, not a listener in each. The
 * focus goes before the pointer, which may just lie there.
 */
export function useActiveRow(onLongPress: (row: Element, key: string) => void): ActiveRow {
  const [pointed, setPointed] = useState<string | null>(null)
  const [focused, setFocused] = useState<string | null>(null)
  const press = useRef<Press | null>(null)

  const endPress = () => {
    const timer = press.current?.timer ?? null
    if (timer !== null) clearTimeout(timer)
    press.current = press.current === null ? null : { ...press.current, timer: null }
  }
  return {
    key: focused ?? pointed,
    handlers: {
      onMouseOver: ({ target }) => setPointed(rowOf(target)?.key ?? null),
      onMouseLeave: () => setPointed(null),
      onFocusIn: ({ target }) => setFocused(rowOf(target)?.key ?? null),
      onFocusOut: ({ relatedTarget }) => setFocused(rowOf(relatedTarget)?.key ?? null),
      onPointerDown({ target, clientX: x, clientY: y, pointerType }) {
        endPress()
        const isTouch = pointerType === "touch"
        const row = rowOf(target)
        const timer =
          isTouch && row !== null
            ? setTimeout(() => onLongPress(row.element, row.key), LONG_PRESS_MS)
            : null
        press.current = { x, y, isTouch, timer }
      },
      onPointerMove({ clientX, clientY }) {
        if (press.current === null) return
        const { x, y } = press.current
        if (Math.hypot(clientX - x, clientY - y) > STILL_PX) endPress()
      },
      onPointerUp: endPress,
      onPointerCancel: endPress,
      // The browser's own menu would come on top of ours; with a mouse it is wanted.
      onContextMenu(event) {
        if (press.current?.isTouch === true) event.preventDefault()
      },
    },
  }
}

function rowOf(target: EventTarget | null): { element: Element; key: string } | null {
  if (!(target instanceof Element)) return null
  const element = target.closest("[data-key]")
  if (!(element instanceof HTMLElement)) return null
  return { element, key: element.dataset.key ?? "" }
}
