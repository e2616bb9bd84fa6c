import { Pencil, Trash2 } from "lucide"
import { useState } from "preact/hooks"
import type { ApiScheduledMessage } from "../../protocol/answers"
import { useClient } from "../state/client"
import { showError } from "../state/toasts"
import { t } from "../strings"
import { plainText } from "../text/plain-text"
import { Button } from "../ui/button"
import { Dialog } from "../ui/dialog"
import { IconButton } from "../ui/icon-button"
import type { Place } from "./compose-state"
import { type Scheduled, scheduledOf } from "./scheduled"
import { sayShort } from "./send-buttons"
import { SendLaterDialog } from "./send-later-dialog"

/** How many messages of mine wait to be sent here, and what can be done about them. */
export function ScheduledLine({ place }: { readonly place: Place }) {
  const scheduled = scheduledOf(useClient())
  const [isOpen, setOpen] = useState(false)
  const messages = scheduled.messages.value.filter(
    (it) => it.room_id === place.roomId && it.thread_id === (place.threadId ?? null),
  )
  if (messages.length === 0) return null
  const words = t().composer.later
  return (
    <p class="scheduled-line">
      {words.listCount(messages.length)}
      <Button kind="quiet" onClick={() => setOpen(true)}>
        {words.show}
      </Button>
      {isOpen && (
        <Dialog title={words.list} onClose={() => setOpen(false)}>
          <ul class="scheduled-list">
            {messages.map((it) => (
              <ScheduledItem key={it.id} message={it} scheduled={scheduled} />
            ))}
          </ul>
        </Dialog>
      )}
    </p>
  )
}

interface ScheduledItemProps {
  readonly message: ApiScheduledMessage
  readonly scheduled: Scheduled
}

function ScheduledItem({ message, scheduled }: ScheduledItemProps) {
  const [isChanging, setChanging] = useState(false)
  const words = t().composer.later
  const { id, content, send_at, failed, attachment_ids } = message
  const change = (at: Date, said: string) => {
    setChanging(false)
    const changes = { send_at: at.toISOString(), ...(said === content ? {} : { content: said }) }
    void scheduled.change(id, changes).catch(showError)
  }
  return (
    <li class="scheduled-item">
      <div class="scheduled-item-text">
        <span>{plainText(content) || words.files(attachment_ids.length)}</span>
        <span class={failed === null ? "scheduled-item-when" : "scheduled-item-trouble"}>
          {failed === null
            ? words.sendsAt(sayShort(new Date(send_at)))
            : words.failed(t().errors[failed.code])}
        </span>
      </div>
      <IconButton icon={Pencil} label={words.change} onClick={() => setChanging(true)} />
      <IconButton
        icon={Trash2}
        label={words.remove}
        onClick={() => void scheduled.remove(id).catch(showError)}
      />
      {isChanging && (
        <SendLaterDialog
          content={content}
          at={new Date(send_at)}
          onChoose={change}
          onClose={() => setChanging(false)}
        />
      )}
    </li>
  )
}
