import { CornerUpRight } from "lucide"
import { useEffect, useState } from "preact/hooks"
import type { ApiMessage } from "../../protocol/answers"
import { personName } from "../state/names"
import { t } from "../strings"
import { Markdown } from "../text/markdown"
import { Icon } from "../ui/icon"
import { usePeople, useRoomMessages } from "./room-context"

/** Undefined: not known yet. Null: it is gone. */
type Original = ApiMessage | null | undefined

/** What a message answers, in a line of its own; a press goes there. */
export function ReplyQuote({ messageId }: { readonly messageId: string }) {
  const { find, jumpTo } = useRoomMessages()
  const people = usePeople()
  const [original, setOriginal] = useState<Original>(undefined)
  useEffect(() => {
    let isWanted = true
    const look = async () => {
      const found = await find(messageId)
      if (isWanted) setOriginal(found)
    }
    look().catch(() => isWanted && setOriginal(null))
    return () => {
      isWanted = false
    }
  }, [messageId, find])

  if (original === undefined) return <p class="quote">{t().messages.replyLoading}</p>
  if (original === null || original.deleted_at !== null) {
    return <p class="quote quote-gone">{t().messages.replyGone}</p>
  }
  const name = personName(original.user)
  return (
    <button
      type="button"
      class="quote"
      title={t().messages.replyTo(name)}
      onClick={() => jumpTo(original)}
    >
      <Icon node={CornerUpRight} size={14} />
      <span class="quote-name">{name}</span>
      <span class="quote-text">
        {original.content === "" ? (
          (original.attachments[0]?.name ?? "")
        ) : (
          <Markdown text={original.content} mentions={original.mentions} people={people} inline />
        )}
      </span>
    </button>
  )
}
