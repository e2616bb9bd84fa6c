import {
  CheckCheck,
  Copy,
  Forward,
  Link,
  MailOpen,
  MessagesSquare,
  Pencil,
  Pin,
  PinOff,
  Reply,
  SmilePlus,
  Trash2,
} from "lucide"
import type { Client } from "../../client/client"
import type { ApiMessage } from "../../protocol/answers"
import { startEdit, startReply } from "../composer/compose-state"
import { navigate, pathTo } from "../state/route"
import { showToast } from "../state/toasts"
import { t } from "../strings"
import type { MenuItem } from "../ui/menu"
import { act } from "./act"
import type { RoomContext } from "./room-context"

interface MenuOf {
  readonly message: ApiMessage
  readonly anchor: Element
  readonly api: Client["api"]
  readonly context: RoomContext
}

/** All that may be done with a message, in one list. */
export function menuOf(of: MenuOf): readonly MenuItem[] {
  return [...answering(of), ...passingOn(of), ...running(of)]
}

function answering({ message, anchor, context }: MenuOf): readonly MenuItem[] {
  const { room, show, threadId } = context
  const place = threadId ?? undefined
  const rights = context.rightsOn(message)
  const words = t().messages
  return [
    ...some(rights.canReact, {
      label: words.react,
      icon: SmilePlus,
      onSelect: () => show({ type: "picker", message, anchor }),
    }),
    ...some(rights.canReply, {
      label: words.reply,
      icon: Reply,
      onSelect: () => startReply(room.id, message, place),
    }),
    ...some(rights.canThread && threadId === null, {
      label: words.replyInThread,
      icon: MessagesSquare,
      onSelect: () => navigate(pathTo.room(room.id, { thread: message.id })),
    }),
    ...some(rights.canEdit, {
      label: words.edit,
      icon: Pencil,
      onSelect: () => startEdit(room.id, message, place),
    }),
  ]
}

function passingOn(of: MenuOf): readonly MenuItem[] {
  const { message, anchor, context } = of
  const { show, showAsNew } = context
  const rights = context.rightsOn(message)
  const words = t().messages
  return [
    ...some(rights.canForward, {
      label: words.forward,
      icon: Forward,
      onSelect: () => show({ type: "forward", message }),
    }),
    ...some(rights.canCopy, {
      label: words.copyText,
      icon: Copy,
      onSelect: () => act(copy(message.content)),
    }),
    {
      label: words.copyLink,
      icon: Link,
      onSelect: () => act(copy(linkTo(message))),
    },
    ...some(showAsNew !== null, {
      label: words.markUnread,
      icon: MailOpen,
      onSelect: () => showAsNew?.(message),
    }),
    ...some(context.canSeeReaders(), {
      label: words.seenByTitle,
      icon: CheckCheck,
      onSelect: () => show({ type: "seen", message, anchor }),
    }),
  ]
}

function running({ message, api, context }: MenuOf): readonly MenuItem[] {
  const rights = context.rightsOn(message)
  const words = t().messages
  return [
    ...some(rights.canPin, {
      label: message.pinned ? words.unpin : words.pin,
      icon: message.pinned ? PinOff : Pin,
      onSelect: () =>
        act(message.pinned ? api.messages.unpin(message.id) : api.messages.pin(message.id)),
    }),
    ...some(rights.canDelete, {
      label: words.delete,
      icon: Trash2,
      isDanger: true,
      onSelect: () => context.show({ type: "delete", message }),
    }),
  ]
}

const some = (isThere: boolean, item: MenuItem): readonly MenuItem[] => (isThere ? [item] : [])

/** Opens the room at the message, or the thread that it stands in. */
function linkTo({ room_id, seq, thread_id }: ApiMessage): string {
  const path = pathTo.room(room_id, thread_id === null ? { at: seq } : { thread: thread_id })
  return new URL(path, location.href).href
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    showToast(t().messages.copied)
  } catch {
    // Not over plain http, and not where the reader forbids it.
    showToast(t().messages.notCopied)
  }
}
