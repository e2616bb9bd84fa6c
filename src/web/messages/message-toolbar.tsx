import { Ellipsis, MessagesSquare, Reply, SmilePlus } from "lucide"
import type { ApiMessage } from "../../protocol/answers"
import { startReply } from "../composer/compose-state"
import { useClient } from "../state/client"
import { navigate, pathTo } from "../state/route"
import { t } from "../strings"
import { IconButton } from "../ui/icon-button"
import { act } from "./act"
import { useRoomMessages } from "./room-context"

/** The three that most reactions are. */
const QUICK = ["👍", "❤️", "😂"] as const

/** What one does with a message most, beside it; all else is in its menu. */
export function MessageToolbar({ message }: { readonly message: ApiMessage }) {
  const { messages: api } = useClient().api
  const { rightsOn, show, room, threadId } = useRoomMessages()
  const isThread = threadId !== null
  const rights = rightsOn(message)
  const words = t().messages
  if (Object.values(rights).every((isGiven) => !isGiven)) return null
  return (
    <div class="message-toolbar" role="toolbar" aria-label={words.actions}>
      {rights.canReact &&
        QUICK.map((emoji) => (
          <button
            key={emoji}
            type="button"
            class="icon-button message-toolbar-emoji"
            aria-label={words.reactWith(emoji)}
            title={words.reactWith(emoji)}
            onClick={() => act(api.react(message.id, emoji))}
          >
            {emoji}
          </button>
        ))}
      {rights.canReact && (
        <IconButton
          icon={SmilePlus}
          label={words.reactOther}
          onClick={(event) => {
            if (event.currentTarget instanceof Element) {
              show({ type: "picker", message, anchor: event.currentTarget })
            }
          }}
        />
      )}
      {rights.canReply && (
        <IconButton
          icon={Reply}
          label={words.reply}
          onClick={() => startReply(room.id, message, threadId ?? undefined)}
        />
      )}
      {rights.canThread && !isThread && (
        <IconButton
          icon={MessagesSquare}
          label={words.replyInThread}
          onClick={() => navigate(pathTo.room(room.id, { thread: message.id }))}
        />
      )}
      <IconButton
        icon={Ellipsis}
        label={words.moreActions}
        onClick={(event) => {
          if (event.currentTarget instanceof Element) {
            show({ type: "menu", message, anchor: event.currentTarget })
          }
        }}
      />
    </div>
  )
}
