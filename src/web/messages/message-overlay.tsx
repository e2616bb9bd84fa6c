import type { ApiMessage } from "../../protocol/answers"
import { useClient } from "../state/client"
import { t } from "../strings"
import { EmojiPicker } from "../text/emoji-picker"
import { ConfirmDialog } from "../ui/confirm-dialog"
import { MenuList } from "../ui/menu"
import { Popover } from "../ui/popover"
import { act } from "./act"
import { picturesIn } from "./attachments"
import { ForwardDialog } from "./forward-dialog"
import { Lightbox } from "./lightbox"
import { menuOf } from "./message-menu"
import { MessageVersions } from "./message-versions"
import { Readers } from "./readers-list"
import { type Overlay, useRoomMessages } from "./room-context"

interface MessageOverlayProps {
  readonly overlay: Overlay
  readonly onClose: () => void
}

/** What is open on a message. It stands beside the list, and stays when the row scrolls away. */
export function MessageOverlay({ overlay, onClose }: MessageOverlayProps) {
  const { api } = useClient()
  const context = useRoomMessages()
  const { message } = overlay
  const words = t().messages
  switch (overlay.type) {
    case "menu": {
      const items = menuOf({ message, anchor: overlay.anchor, api, context })
      return (
        <MenuList label={words.actions} items={items} anchor={overlay.anchor} onClose={onClose} />
      )
    }
    case "picker":
      return (
        <Popover anchor={overlay.anchor} onClose={onClose} label={words.reactOther}>
          <EmojiPicker
            onPick={(emoji) => {
              onClose()
              act(api.messages.react(message.id, emoji))
            }}
            onClose={onClose}
          />
        </Popover>
      )
    case "history":
      return (
        <Popover anchor={overlay.anchor} onClose={onClose} label={words.history}>
          <MessageVersions message={message} />
        </Popover>
      )
    case "seen":
      return (
        <Popover anchor={overlay.anchor} onClose={onClose} label={words.seenByTitle}>
          <Readers message={message} />
        </Popover>
      )
    case "delete":
      return (
        <ConfirmDialog
          title={words.deleteTitle}
          text={words.deleteText}
          confirm={words.delete}
          isDanger
          onConfirm={async () => void (await api.messages.remove(message.id))}
          onClose={onClose}
        />
      )
    case "forward":
      return <ForwardDialog message={message} onClose={onClose} />
    case "image":
      return <Lightbox pictures={ownPictures(message)} index={overlay.index} onClose={onClose} />
  }
}

const ownPictures = ({ attachments }: ApiMessage) => picturesIn(attachments)
