import "./message-parts.css"
import { Clock, Forward, Pin } from "lucide"
import type { ApiMessage } from "../../protocol/answers"
import { locale } from "../state/preferences"
import { t } from "../strings"
import { Markdown } from "../text/markdown"
import { Icon } from "../ui/icon"
import { sayTime } from "../ui/say-time"
import { Attachments } from "./attachments"
import { LinkPreviews } from "./link-previews"
import { Reactions } from "./reactions"
import { ReplyQuote } from "./reply-quote"
import { usePeople, useRoomMessages } from "./room-context"
import { ThreadSummary } from "./thread-summary"

/** All that a message says and shows, and what was made of it. */
export function MessageBody({ message }: { readonly message: ApiMessage }) {
  const { threadId, show } = useRoomMessages()
  const people = usePeople()
  if (message.deleted_at !== null) return <Tombstone message={message} />
  return (
    <>
      <Marks message={message} />
      {message.reply_to !== null && <ReplyQuote messageId={message.reply_to} />}
      {message.content !== "" && (
        <div class="message-text">
          <Markdown text={message.content} mentions={message.mentions} people={people} />
          {message.edited_at !== null && <EditedMark message={message} iso={message.edited_at} />}
        </div>
      )}
      {message.attachments.length > 0 && (
        <Attachments
          attachments={message.attachments}
          onOpen={(index) => show({ type: "image", message, index })}
        />
      )}
      <LinkPreviews previews={message.link_previews ?? []} />
      {message.reactions.length > 0 && <Reactions message={message} />}
      {threadId === null && message.thread_count > 0 && <ThreadSummary message={message} />}
    </>
  )
}

/** Its thread goes on without it. */
function Tombstone({ message }: { readonly message: ApiMessage }) {
  const { threadId } = useRoomMessages()
  return (
    <>
      <p class="message-deleted">{t().messages.deleted}</p>
      {threadId === null && message.thread_count > 0 && <ThreadSummary message={message} />}
    </>
  )
}

function Marks({ message }: { readonly message: ApiMessage }) {
  const { forwarded_from, expires_at, pinned } = message
  if (forwarded_from === undefined && expires_at === undefined && !pinned) return null
  const words = t().messages
  return (
    <p class="message-marks">
      {pinned && <Mark icon={Pin} text={words.pinned} />}
      {forwarded_from !== undefined && <Mark icon={Forward} text={words.forwarded} />}
      {expires_at !== undefined && (
        <Mark icon={Clock} text={words.expires(said(expires_at, "relative"))} />
      )}
    </p>
  )
}

function Mark({ icon, text }: { readonly icon: typeof Pin; readonly text: string }) {
  return (
    <span class="message-mark">
      <Icon node={icon} size={12} />
      {text}
    </span>
  )
}

function EditedMark({ message, iso }: { readonly message: ApiMessage; readonly iso: string }) {
  const { show } = useRoomMessages()
  const says = t().messages.editedAt(said(iso, "full"))
  return (
    <button
      type="button"
      class="message-edited"
      title={says}
      aria-label={says}
      onClick={({ currentTarget }) => show({ type: "history", message, anchor: currentTarget })}
    >
      ({t().messages.edited})
    </button>
  )
}

const said = (iso: string, style: "relative" | "full"): string =>
  sayTime(new Date(iso), style, { language: locale.value, now: new Date() })
