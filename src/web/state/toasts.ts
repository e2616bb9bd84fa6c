import { signal } from "@preact/signals"
import { wordsFor } from "../strings/words-for"

export interface Toast {
  readonly id: number
  readonly text: string
  readonly isError: boolean
}

/** So many at a time; the oldest goes. */
const TOASTS_MAX = 3
const SHOWN_MS = 6_000

export const toasts = signal<readonly Toast[]>([])
let lastId = 0

/** Says in passing that something was done. */
export function showToast(text: string): void {
  show({ text, isError: false })
}

/** Says what went wrong, where there is no better place to say it. */
export function showError(error: unknown): void {
  show({ text: wordsFor(error), isError: true })
}

export function dismissToast(id: number): void {
  toasts.value = toasts.value.filter((it) => it.id !== id)
}

function show(said: Omit<Toast, "id">): void {
  lastId += 1
  const id = lastId
  const others = toasts.value.filter((it) => it.text !== said.text)
  toasts.value = [...others, { id, ...said }].slice(-TOASTS_MAX)
  setTimeout(() => dismissToast(id), SHOWN_MS)
}
