import type { ApiMessage } from "../../protocol/answers"
import type { HistoryQuery } from "../api"
import type { PendingMessage } from "../client"
import type { Messages } from "./messages-in-order"
import { createTimeline } from "./timeline"

interface Sources {
  readonly readHistory: (roomId: string, query: HistoryQuery) => Promise<Messages>
  readonly readThread: (messageId: string, query: HistoryQuery) => Promise<Messages>
  readonly readMessage: (messageId: string) => Promise<ApiMessage>
  readonly pendingIn: (roomId: string, threadId: string | null) => readonly PendingMessage[]
}

interface RoomTimelineDeps extends Sources {
  readonly known: () => Messages
  readonly onChange: () => void
  readonly onNewest: (newest: Messages) => void
}

/** All that was said in a room, in threads too. */
export const createRoomTimeline = (roomId: string, deps: RoomTimelineDeps) =>
  createTimeline({
    read: (query) => deps.readHistory(roomId, query),
    known: deps.known,
    takes: () => true,
    pending: () => deps.pendingIn(roomId, null),
    onChange: deps.onChange,
    onNewest: deps.onNewest,
  })

interface ThreadDeps extends Sources {
  readonly onChange: () => void
}

/** What was said about one message, which comes first. */
export const createThread = (roomId: string, messageId: string, deps: ThreadDeps) =>
  createTimeline({
    // Of a thread there is no `around`: it begins with the newest.
    read: ({ before, after, limit }) => deps.readThread(messageId, { before, after, limit }),
    readRoot: () => deps.readMessage(messageId),
    known: () => [],
    takes: (message) => message.thread_id === messageId || message.id === messageId,
    pending: () => deps.pendingIn(roomId, messageId),
    onChange: deps.onChange,
  })
