import { type Signal, signal } from "@preact/signals"
import type { ApiMessage } from "../../protocol/answers"

/** What a message is an answer to, by room. */
export const replyingTo: Signal<ReadonlyMap<string, ApiMessage>> = signal(new Map())
/** Which of one's own messages is being changed, by room. */
export const editing: Signal<ReadonlyMap<string, ApiMessage>> = signal(new Map())

export function startReply(roomId: string, message: ApiMessage): void {
  replyingTo.value = new Map(replyingTo.value).set(roomId, message)
}

export function startEdit(roomId: string, message: ApiMessage): void {
  editing.value = new Map(editing.value).set(roomId, message)
}
