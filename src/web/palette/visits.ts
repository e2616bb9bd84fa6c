import { effect } from "@preact/signals"
import { route } from "../state/route"

/** When which room was opened last on this page, epoch milliseconds. */
const visits = new Map<string, number>()

export const visitedAt = (roomId: string): number | undefined => visits.get(roomId)

/** Remembers which rooms are opened, until the returned function is called. */
export function startVisits(now: () => number = Date.now): () => void {
  const stop = effect(() => {
    if (route.value.name === "room") visits.set(route.value.roomId, now())
  })
  return () => {
    stop()
    visits.clear()
  }
}
