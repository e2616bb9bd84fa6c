import type { RoomView } from "../../client/client"
import type { Level } from "./levels"

/** What waits for somebody, for the title of the page and its icon. */
export interface Waiting {
  /** What calls one: mentions, and what is said in conversations. */
  readonly calls: number
  /** Whether there is anything unread besides. */
  readonly hasMore: boolean
}

/** Rooms of which nothing is to be told don't count. */
export function waitingIn(
  rooms: readonly RoomView[],
  levelOf: (room: RoomView["room"]) => Level,
): Waiting {
  let calls = 0
  let hasMore = false
  for (const { room, unread, mentions } of rooms) {
    if (levelOf(room) === "none") continue
    calls += room.type === "direct" ? unread : mentions
    hasMore ||= unread > 0
  }
  return { calls, hasMore }
}

/** `(3) Parley`; a dot where nothing calls but something is new. */
export function titleFor(title: string, { calls, hasMore }: Waiting): string {
  if (calls > 0) return `(${calls > 99 ? "99+" : calls}) ${title}`
  return hasMore ? `• ${title}` : title
}
