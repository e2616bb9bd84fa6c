import type { Message } from "../protocol/entities"
import type { RoomEvent } from "../protocol/events"
import type { MessageNumericId, Seq } from "../protocol/ids"
import { messageId } from "../protocol/message-id"
import type { SendReceipt } from "../protocol/replies"
import type { Append, SendingRoom } from "./database"
import type { Written } from "./write-queue"

/** What a plain message is answered and told as, once it has its seq: nothing of it is read back. */
export function written(
  { draft, author, createdAt, announce }: Append,
  { room, seq, numericId }: { room: SendingRoom; seq: Seq; numericId: MessageNumericId },
): Written<SendReceipt> & { readonly events: readonly [RoomEvent] } {
  const message: Message = {
    id: messageId(numericId, createdAt),
    numericId,
    roomId: room.id,
    seq,
    changedSeq: seq,
    author,
    type: draft.type,
    content: draft.content,
    clientId: draft.clientId,
    replyTo: null,
    threadId: null,
    threadCount: 0,
    pinnedAt: null,
    metadata: draft.metadata,
    extras: null,
    createdAt,
    editedAt: null,
    deletedAt: null,
    expiresAt: null,
  }
  const receipt = { type: "sent" as const, message, duplicate: false }
  return { result: receipt, events: [announce(room, message)] }
}
