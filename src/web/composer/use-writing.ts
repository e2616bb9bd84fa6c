import type { RefObject } from "preact"
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks"
import type { Writing } from "./text-edits"

export interface WritingBox {
  readonly box: RefObject<HTMLTextAreaElement | null>
  readonly text: string
  readonly caret: number
  /** What stands in the box now, and what is selected of it. */
  read(): Writing
  /** Changes it as if it had been typed, so that it can be undone. */
  apply(next: Writing): void
  /** Something else is written from now on; there is nothing to undo. */
  replace(text: string): void
  /** The box says that its text or its selection has changed. */
  follow(): void
  focus(): void
}

/** The box that is written in, with its text and caret as state. */
export function useWriting(initial: string): WritingBox {
  const box = useRef<HTMLTextAreaElement>(null)
  const [{ text, caret }, setState] = useState({ text: initial, caret: initial.length })
  const acts = useMemo(() => {
    const follow = () => {
      const { value, selectionStart } = box.current ?? { value: "", selectionStart: 0 }
      setState((last) =>
        last.text === value && last.caret === selectionStart
          ? last
          : { text: value, caret: selectionStart },
      )
    }
    return {
      follow,
      read: () => readBox(box.current),
      apply(next: Writing) {
        if (box.current !== null) typeInto(box.current, next)
        follow()
      },
      replace(replaced: string) {
        if (box.current !== null) {
          box.current.value = replaced
          box.current.setSelectionRange(replaced.length, replaced.length)
        }
        setState({ text: replaced, caret: replaced.length })
      },
      focus: () => box.current?.focus({ preventScroll: true }),
    }
  }, [])
  // A browser begins before what stands in a box; one goes on writing after it.
  useLayoutEffect(() => {
    if (initial !== "") box.current?.setSelectionRange(initial.length, initial.length)
  }, [])
  return { box, text, caret, ...acts }
}

function readBox(box: HTMLTextAreaElement | null): Writing {
  if (box === null) return { text: "", start: 0, end: 0 }
  return { text: box.value, start: box.selectionStart, end: box.selectionEnd }
}

/** Only what differs is replaced, by the browser's own means: setting `value` would end its undo. */
function typeInto(box: HTMLTextAreaElement, next: Writing): void {
  const before = box.value
  let start = 0
  while (start < before.length && before[start] === next.text[start]) start++
  start = Math.min(start, next.text.length)
  let behind = 0
  const behindMax = Math.min(before.length, next.text.length) - start
  while (behind < behindMax && before.at(-1 - behind) === next.text.at(-1 - behind)) behind++
  const inserted = next.text.slice(start, next.text.length - behind)
  if (before !== next.text) {
    box.focus({ preventScroll: true })
    box.setSelectionRange(start, before.length - behind)
    const isDone =
      inserted === ""
        ? document.execCommand("delete")
        : document.execCommand("insertText", false, inserted)
    if (!isDone || box.value !== next.text) box.value = next.text
  }
  box.setSelectionRange(next.start, next.end)
}
