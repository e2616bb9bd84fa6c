import { useEffect, useLayoutEffect, useRef } from "preact/hooks"
import type { ApiMessage } from "../../protocol/answers"
import { useClient } from "../state/client"
import { keep, readKept } from "../state/kept"
import { isOwner } from "../state/owner"
import type { Place } from "./compose-state"
import { createDrafts } from "./drafts"
import type { WritingBox } from "./use-writing"

export const drafts = createDrafts({ read: readKept, keep })

const keepAfterMs = 300

/**
 * Keeps what is written in a place, a moment after it was typed and at the latest when the page
 * goes. While a message is edited the box holds that; the draft comes back after it.
 */
export function useDraft(place: Place, writing: WritingBox, edited: ApiMessage | null): void {
  const client = useClient()
  const { text } = writing
  const shown = useRef<ApiMessage | null>(null)
  // What was kept is not kept again: it may have been forgotten since, by signing out.
  const kept = useRef(text)
  const write = useRef<() => void>(() => undefined)
  write.current = () => {
    const isDraft = edited === null && shown.current === null
    const me = client.me.value
    if (!isDraft || kept.current === text || me === null) return
    // Somebody else has signed in beside this page: there it would be among what is theirs.
    if (!isOwner(me.id)) return
    kept.current = text
    drafts.write(place, text)
  }

  // Before the next key: it is typed into what is edited.
  useLayoutEffect(() => {
    const before = shown.current
    if (edited?.id === before?.id) return
    // What was typed a moment ago is not kept yet.
    if (before === null) drafts.write(place, text)
    shown.current = edited
    kept.current = drafts.read(place)
    writing.replace(edited === null ? kept.current : edited.content)
    writing.focus()
  }, [edited?.id])

  useEffect(() => {
    const timer = setTimeout(() => write.current(), keepAfterMs)
    return () => clearTimeout(timer)
  }, [text])

  useEffect(() => {
    const now = () => write.current()
    addEventListener("pagehide", now)
    return () => {
      removeEventListener("pagehide", now)
      now()
    }
  }, [])
}
