import type { Uploaded } from "../../client/api"

/** A file on its way to a message. */
export interface Upload {
  /** Of this page. */
  readonly id: number
  readonly file: File
  readonly state:
    | { readonly type: "waiting" }
    /** `share` from 0 to 1. */
    | { readonly type: "going"; readonly share: number }
    | { readonly type: "done"; readonly uploaded: Uploaded }
    | { readonly type: "failed"; readonly error: unknown; readonly isRetryable: boolean }
}

export type UploadEvent =
  | { readonly type: "added"; readonly files: readonly UploadedFile[] }
  | { readonly type: "began"; readonly id: number }
  | { readonly type: "went"; readonly id: number; readonly share: number }
  | { readonly type: "done"; readonly id: number; readonly uploaded: Uploaded }
  | {
      readonly type: "failed"
      readonly id: number
      readonly error: unknown
      readonly isRetryable: boolean
    }
  | { readonly type: "retried"; readonly id: number }
  | { readonly type: "removed"; readonly id: number }
  | { readonly type: "cleared" }

interface UploadedFile {
  readonly id: number
  readonly file: File
}

/** What one message shows, as the server has it. */
export const filesMax = 10

/** The server takes four of one user at a time; another page may want one too. */
export const goingMax = 2

/** The queue after an event. What is told of files that have been removed changes nothing. */
export function nextUploads(uploads: readonly Upload[], event: UploadEvent): readonly Upload[] {
  switch (event.type) {
    case "added":
      return [
        ...uploads,
        ...event.files.map((it): Upload => ({ ...it, state: { type: "waiting" } })),
      ].slice(0, filesMax)
    case "began":
      return withState(uploads, event.id, () => ({ type: "going", share: 0 }))
    case "went":
      return withState(uploads, event.id, (state) =>
        state.type === "going" ? { type: "going", share: event.share } : state,
      )
    case "done":
      return withState(uploads, event.id, () => ({ type: "done", uploaded: event.uploaded }))
    case "failed":
      return withState(uploads, event.id, () => ({
        type: "failed",
        error: event.error,
        isRetryable: event.isRetryable,
      }))
    case "retried":
      return withState(uploads, event.id, (state) =>
        state.type === "failed" && state.isRetryable ? { type: "waiting" } : state,
      )
    case "removed":
      return uploads.filter(({ id }) => id !== event.id)
    case "cleared":
      return []
  }
}

const withState = (
  uploads: readonly Upload[],
  id: number,
  change: (state: Upload["state"]) => Upload["state"],
): readonly Upload[] =>
  uploads.map((upload) => (upload.id === id ? { ...upload, state: change(upload.state) } : upload))

/** Those whose turn it is: the first that wait, while fewer than two are going. */
export function dueUploads(uploads: readonly Upload[]): readonly Upload[] {
  const going = uploads.filter(({ state }) => state.type === "going").length
  const waiting = uploads.filter(({ state }) => state.type === "waiting")
  return waiting.slice(0, Math.max(0, goingMax - going))
}

/** Of all bytes, how much is there: from 0 to 1. */
export function shareDone(uploads: readonly Upload[]): number {
  const total = uploads.reduce((sum, { file }) => sum + file.size, 0)
  const done = uploads.reduce((sum, { file, state }) => {
    if (state.type === "done") return sum + file.size
    return state.type === "going" ? sum + file.size * state.share : sum
  }, 0)
  return total === 0 ? 1 : done / total
}
