import { MessagesSquare } from "lucide"
import type { ApiMessage } from "../../protocol/answers"
import { pathTo } from "../state/route"
import { t } from "../strings"
import { Icon } from "../ui/icon"

/** How many answers stand in the thread of a message, as a way to them. */
export function ThreadSummary({ message }: { readonly message: ApiMessage }) {
  const { id, room_id, thread_count } = message
  return (
    <a
      class="thread-summary"
      href={pathTo.room(room_id, { thread: id })}
      aria-label={t().messages.openThread(thread_count)}
    >
      <Icon node={MessagesSquare} size={16} />
      {t().messages.answers(thread_count)}
    </a>
  )
}

/** In the thread itself: how much of it follows. */
export function ThreadLine({ message }: { readonly message: ApiMessage }) {
  const { answers, threadEmpty } = t().messages
  const { thread_count } = message
  return <p class="thread-line">{thread_count === 0 ? threadEmpty : answers(thread_count)}</p>
}
