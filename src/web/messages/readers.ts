import type { ApiMessage, ApiReadMark } from "../../protocol/answers"

/** So many members at most: of larger rooms nobody is told who has read how far. */
export const READERS_ROOM_MAX = 20

/** Who else has read a message, in the order in which they are told. */
export const readersOf = (
  { seq, user_id }: Pick<ApiMessage, "seq" | "user_id">,
  reads: readonly ApiReadMark[],
  myId: string | null,
): readonly string[] =>
  reads.flatMap((it) =>
    it.seq >= seq && it.user_id !== myId && it.user_id !== user_id ? [it.user_id] : [],
  )

/** The last one that I sent, if the server has it: below it stands who has seen it. */
export const lastOwn = (
  messages: readonly ApiMessage[],
  myId: string | null,
): ApiMessage | undefined =>
  messages.findLast((it) => it.user_id === myId && it.deleted_at === null && it.thread_id === null)
