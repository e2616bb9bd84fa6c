import { CircleAlert } from "lucide"
import type { PendingMessage } from "../../client/client"
import { useClient, useLive } from "../state/client"
import { personName } from "../state/names"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Markdown } from "../text/markdown"
import { Avatar } from "../ui/avatar"
import { Button } from "../ui/button"
import { Icon } from "../ui/icon"
import { Attachments } from "./attachments"
import type { PendingRow as Row } from "./grouping"
import { ReplyQuote } from "./reply-quote"
import { usePeople, useRoomMessages } from "./room-context"
import { DayLine } from "./row-lines"

/** What I wrote and the server does not have yet. It looks like a message, as it is to become one. */
export function PendingRow({ row }: { readonly row: Row }) {
  const me = useLive(useClient().me)
  const people = usePeople()
  const { pending } = row
  const { draft, failure } = pending
  const name = me === null ? "" : personName(me)
  return (
    <article
      class={`message ${row.isHead ? "message-head" : "message-goes-on"} ${
        failure === null ? "message-sending" : "message-failed"
      }`}
      data-key={row.key}
      tabIndex={-1}
      aria-label={t().messages.from(
        name,
        failure === null ? t().messages.sending : t().messages.failed,
      )}
      aria-setsize={-1}
    >
      {row.day !== null && <DayLine iso={new Date(pending.writtenAt).toISOString()} />}
      <div class="message-in">
        <div class="message-side">
          {row.isHead && me !== null && <Avatar profile={me} size={36} />}
        </div>
        <div class="message-main" data-anchor="">
          {row.isHead && (
            <div class="message-by">
              <span class="message-name">{name}</span>
            </div>
          )}
          {typeof draft.replyTo === "string" && <ReplyQuote messageId={draft.replyTo} />}
          {draft.content !== "" && (
            <div class="message-text">
              <Markdown text={draft.content} mentions={[]} people={people} />
            </div>
          )}
          {draft.attachments !== undefined && <Attachments attachments={draft.attachments} />}
          {failure === null ? <Sending pending={pending} /> : <Failure pending={pending} />}
        </div>
      </div>
    </article>
  )
}

/** Said only once it has taken a while: most are there before it can be read. */
function Sending({ pending: { delay } }: { readonly pending: PendingMessage }) {
  const { status } = useLive(useClient().connection)
  const words = t().messages
  const delayed = delay?.code === "rate_limited" ? words.slowed : words.delayed
  const sending = delay === null ? words.sending : delayed
  return <p class="message-sending-mark">{status === "live" ? sending : words.waiting}</p>
}

function Failure({ pending }: { readonly pending: PendingMessage }) {
  const { room } = useRoomMessages()
  return (
    <div class="message-failure" role="alert">
      <Icon node={CircleAlert} size={16} />
      <span class="message-failure-text">
        {t().messages.failed} {wordsFor(pending.failure)}
      </span>
      <Button kind="plain" onClick={() => room.retry(pending.clientId)}>
        {t().messages.retry}
      </Button>
      <Button kind="quiet" onClick={() => room.discard(pending.clientId)}>
        {t().messages.discard}
      </Button>
    </div>
  )
}
