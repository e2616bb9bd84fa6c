import { Pencil, Reply, X } from "lucide"
import type { ApiMessage } from "../../protocol/answers"
import { personName } from "../state/names"
import { t } from "../strings"
import { plainText } from "../text/plain-text"
import { Icon } from "../ui/icon"
import { IconButton } from "../ui/icon-button"

interface ComposeBannerProps {
  readonly replyTo: ApiMessage | null
  readonly edited: ApiMessage | null
  readonly onCancel: () => void
}

/** To what the message belongs that is being written. */
export function ComposeBanner({ replyTo, edited, onCancel }: ComposeBannerProps) {
  const message = edited ?? replyTo
  if (message === null) return null
  const words = t().composer
  const name = personName(message.user)
  return (
    <div class="compose-banner" role="status">
      <Icon node={edited === null ? Reply : Pencil} size={16} />
      <span class="compose-banner-title">
        {edited === null ? words.replyTo(name) : words.editing}
      </span>
      <span class="compose-banner-text">{plainText(message.content)}</span>
      <IconButton
        icon={X}
        label={edited === null ? words.cancelReply : words.cancelEdit}
        onClick={onCancel}
      />
    </div>
  )
}
