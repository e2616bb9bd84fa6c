import { type Signal, signal } from "@preact/signals"
import type { ApiMessage } from "../../protocol/answers"

/** Where something is written: a room, or a thread of one. */
export interface Place {
  readonly roomId: string
  readonly threadId?: string | undefined
}

/** What is looked up below is kept by this: rooms under their id. */
export const placeKey = ({ roomId, threadId }: Place): string =>
  threadId === undefined ? roomId : `${roomId}/${threadId}`

/** What the message that is being written answers, by place. */
export const replyingTo: Signal<ReadonlyMap<string, ApiMessage>> = signal(new Map())
/** Which of one's own messages is being changed, by place. */
export const editing: Signal<ReadonlyMap<string, ApiMessage>> = signal(new Map())

/** What is written next in the room, or in the thread, answers this message. Ends an edit. */
export function startReply(roomId: string, message: ApiMessage, threadId?: string): void {
  stopComposing({ roomId, threadId })
  replyingTo.value = new Map(replyingTo.value).set(placeKey({ roomId, threadId }), message)
}

/** The composer of the room, or of the thread, changes this message. Ends a reply. */
export function startEdit(roomId: string, message: ApiMessage, threadId?: string): void {
  stopComposing({ roomId, threadId })
  editing.value = new Map(editing.value).set(placeKey({ roomId, threadId }), message)
}

/** What is written next is a message of its own. */
export function stopComposing(place: Place): void {
  for (const state of [replyingTo, editing]) {
    if (!state.value.has(placeKey(place))) continue
    const next = new Map(state.value)
    next.delete(placeKey(place))
    state.value = next
  }
}
