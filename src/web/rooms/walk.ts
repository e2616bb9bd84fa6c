import type { RoomView } from "../../client/client"

/**
 * The room to go to from another, up or down the list and around its end; `undefined`: nowhere.
 * With `isWanted`, past all that are not, as to the next with something unread.
 */
export function nextRoom(
  order: readonly RoomView[],
  from: string | null,
  { step, isWanted }: { readonly step: 1 | -1; readonly isWanted: (view: RoomView) => boolean },
): RoomView | undefined {
  const at = order.findIndex(({ room }) => room.id === from)
  const start = at < 0 && step < 0 ? order.length : at
  for (let count = 1; count <= order.length; count++) {
    const view = order.at((start + step * count + order.length) % order.length)
    if (view !== undefined && view.room.id !== from && isWanted(view)) return view
  }
  return undefined
}

/** In the order in which they are listed: rooms, then conversations. */
export function listed(views: readonly RoomView[]) {
  const rooms = views.filter(({ room }) => room.type !== "direct")
  const conversations = views.filter(({ room }) => room.type === "direct")
  return { rooms, conversations, order: [...rooms, ...conversations] }
}

/** What one is called for: mentions, and what was said to oneself alone; not of muted rooms. */
export function countCalls(views: readonly RoomView[], muted: ReadonlySet<string>): number {
  let count = 0
  for (const { room, unread, mentions } of views) {
    if (muted.has(room.id)) continue
    count += room.type === "direct" ? unread : mentions
  }
  return count
}
