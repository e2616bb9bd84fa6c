import { SmilePlus } from "lucide"
import type { ApiMessage } from "../../protocol/answers"
import { useClient } from "../state/client"
import { t } from "../strings"
import { Icon } from "../ui/icon"
import { act } from "./act"
import { useRoomMessages } from "./room-context"

type Reaction = ApiMessage["reactions"][number]

/** What others made of a message; a press joins them, or takes one's own back. */
export function Reactions({ message }: { readonly message: ApiMessage }) {
  const { rightsOn, show } = useRoomMessages()
  const { canReact } = rightsOn(message)
  return (
    <div class="reactions">
      {message.reactions.map((it) => (
        <ReactionButton key={it.emoji} message={message} reaction={it} canReact={canReact} />
      ))}
      {canReact && (
        <button
          type="button"
          class="reaction reaction-add"
          aria-label={t().messages.react}
          title={t().messages.react}
          onClick={({ currentTarget }) => show({ type: "picker", message, anchor: currentTarget })}
        >
          <Icon node={SmilePlus} size={16} />
        </button>
      )}
    </div>
  )
}

interface ReactionButtonProps {
  readonly message: ApiMessage
  readonly reaction: Reaction
  readonly canReact: boolean
}

function ReactionButton({ message, reaction, canReact }: ReactionButtonProps) {
  const { messages: api } = useClient().api
  const { myId, nameOf } = useRoomMessages()
  const me = myId()
  const isMine = me !== null && reaction.users.includes(me)
  const who = namesOf(reaction, (id) => (id === me ? t().messages.you : nameOf(id)))
  const says = t().messages.reactionBy(reaction.emoji, reaction.count, who)
  return (
    <button
      type="button"
      class="reaction"
      aria-pressed={isMine}
      aria-label={says}
      title={who}
      disabled={!canReact}
      onClick={() =>
        act(
          isMine ? api.unreact(message.id, reaction.emoji) : api.react(message.id, reaction.emoji),
        )
      }
    >
      <span class="reaction-emoji">{reaction.emoji}</span>
      <span class="reaction-count">{reaction.count}</span>
    </button>
  )
}

/** Those whose names are known, and how many others there are. */
function namesOf({ users, count }: Reaction, nameOf: (id: string) => string | null): string {
  const { listed, andOthers } = t().messages
  const names = users.flatMap((id) => nameOf(id) ?? [])
  if (names.length === 0) return String(count)
  const others = count - names.length
  return others === 0 ? listed(names) : andOthers(names.join(", "), others)
}
