import type { RefObject } from "preact"
import { useLayoutEffect, useRef } from "preact/hooks"

/**
 * A `<dialog>` that is open for as long as it is shown, above everything. `first` has the focus then,
 * if it is there; afterwards, what had it before.
 */
export function useModal(first: string): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    dialog.current?.querySelector<HTMLElement>(first)?.focus({ preventScroll: true })
    return () => {
      // Once it is gone from the page: a text field that gets the focus from a dialog while that
      // closes has the caret, but Chromium gives it no keys.
      setTimeout(() => giveBack(before))
    }
  }, [])
  return dialog
}

/** Unless the focus has been put somewhere else meanwhile. */
function giveBack(before: Element | null): void {
  const isNowhere = document.activeElement === null || document.activeElement === document.body
  if (isNowhere && before instanceof HTMLElement && before.isConnected) before.focus()
}
