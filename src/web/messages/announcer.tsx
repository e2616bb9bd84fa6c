import { useEffect, useRef, useState } from "preact/hooks"
import type { ApiMessage } from "../../protocol/answers"
import { personName } from "../state/names"
import { t } from "../strings"

/** So often at most something is said, however much comes. */
const SAID_EVERY_MS = 4_000
const CHARS_SAID_MAX = 200

interface AnnouncerProps {
  readonly messages: readonly ApiMessage[]
  readonly myId: string | null
  /** Whether what comes at the end is new, and not loaded. */
  readonly isAtEnd: boolean
}

/** Says what comes in to those who hear the page: one message as it is, several as their number. */
export function Announcer({ messages, myId, isAtEnd }: AnnouncerProps) {
  const [said, setSaid] = useState("")
  const heardTo = useRef<number | null>(null)
  const waiting = useRef<ReturnType<typeof setTimeout> | null>(null)
  const latest = useRef(messages)
  latest.current = messages

  useEffect(() => {
    const newest = messages.at(-1)?.seq ?? null
    if (newest === null || !isAtEnd) return
    if (heardTo.current === null) {
      heardTo.current = newest
      return
    }
    if (newest <= heardTo.current) return
    waiting.current ??= setTimeout(() => {
      waiting.current = null
      const from = heardTo.current ?? 0
      const came = latest.current.filter((it) => it.seq > from && it.user_id !== myId)
      heardTo.current = latest.current.at(-1)?.seq ?? from
      setSaid(wordsOf(came))
    }, SAID_EVERY_MS)
  }, [messages, isAtEnd, myId])
  useEffect(
    () => () => {
      if (waiting.current !== null) clearTimeout(waiting.current)
    },
    [],
  )
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {said}
    </div>
  )
}

function wordsOf(came: readonly ApiMessage[]): string {
  const [only] = came
  if (only === undefined) return ""
  const words = t().messages
  if (came.length > 1) return words.cameInMany(came.length)
  const file = only.attachments[0]?.name
  const text = only.content === "" && file !== undefined ? words.attachmentOnly(file) : only.content
  return words.cameIn(personName(only.user), text.slice(0, CHARS_SAID_MAX))
}
