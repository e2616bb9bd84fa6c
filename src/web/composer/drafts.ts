import type { Place } from "./compose-state"

/** Small things that outlive the page: those of `state/kept`. */
export interface Shelf {
  read(name: string): string | null
  keep(name: string, value: string | null): void
}

/** The oldest goes for another. */
const draftsMax = 100
const charsMax = 20_000
const index = "drafts"

/**
 * What was written and not sent, by room and thread, of all pages of this browser. A draft longer
 * than 20,000 characters is not kept: the shelf is small.
 */
export function createDrafts(shelf: Shelf) {
  const keyOf = ({ roomId, threadId }: Place) =>
    threadId === undefined ? `draft.${roomId}` : `draft.${roomId}.${threadId}`
  const keys = (): readonly string[] =>
    (shelf.read(index) ?? "").split(" ").filter((it) => it.startsWith("draft."))
  const keepKeys = (all: readonly string[]) => shelf.keep(index, all.join(" ") || null)

  return {
    read: (place: Place): string => shelf.read(keyOf(place)) ?? "",
    /** Empty: forgotten. */
    write(place: Place, text: string): void {
      const key = keyOf(place)
      const others = keys().filter((it) => it !== key)
      if (text === "" || text.length > charsMax) {
        if (shelf.read(key) === null) return
        shelf.keep(key, null)
        keepKeys(others)
        return
      }
      shelf.keep(key, text)
      const all = [key, ...others]
      for (const old of all.slice(draftsMax)) shelf.keep(old, null)
      keepKeys(all.slice(0, draftsMax))
    },
  }
}
