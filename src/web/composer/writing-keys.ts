import { formatByKey } from "./format-bar"
import { continueList, insertText, type Writing } from "./text-edits"
import type { WritingBox } from "./use-writing"

interface WritingKeys {
  readonly writing: Pick<WritingBox, "read" | "apply">
  readonly submit: () => void
  readonly format: (change: (writing: Writing) => Writing) => void
  /** Takes up the last message; false: there is none. */
  readonly editLast: () => boolean
  /** Ends a reply or an edit; null: there is none. */
  readonly onCancel: (() => void) | null
}

type Key = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey" | "isComposing"
>

/** What a key does in the box, and whether it did anything; if not, it is the browser's. */
export function onWritingKey(event: Key, keys: WritingKeys): boolean {
  if (event.isComposing) return false
  const change = formatByKey(event)
  if (change !== null) {
    keys.format(change)
    return true
  }
  switch (event.key) {
    case "Enter":
      return onEnter(event, keys)
    case "Escape":
      keys.onCancel?.()
      return keys.onCancel !== null
    case "ArrowUp":
      return isBare(event) && keys.writing.read().text === "" && keys.editLast()
    default:
      return false
  }
}

function onEnter(event: Key, { writing, submit }: WritingKeys): boolean {
  const isLine = !(event.ctrlKey || event.metaKey) && (event.shiftKey || isTouched())
  if (!isLine) {
    submit()
    return true
  }
  const now = writing.read()
  writing.apply(continueList(now) ?? insertText(now, "\n"))
  return true
}

const isBare = (event: Key) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)

/** On a screen keyboard there is no Shift to hold: the send button is there. */
const isTouched = (): boolean => matchMedia("(pointer: coarse)").matches
