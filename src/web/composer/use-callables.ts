import { useMemo } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import type { ApiProfile } from "../../protocol/answers"
import { useClient, useLive } from "../state/client"

/** Who can be called in a room: those known of it, without oneself; and when each spoke last. */
export function useCallables(room: RoomHandle) {
  const me = useLive(useClient().me)
  const members = useLive(room.members)
  const view = useLive(room.view)
  const { messages } = useLive(room.timeline.state)
  const recency = useMemo(
    () => new Map(messages.map(({ user_id, seq }) => [user_id, seq])),
    [messages],
  )
  const people = useMemo(() => {
    const known = new Map<string, ApiProfile>()
    // Who writes here is here, whether or not the members have been loaded.
    for (const { user } of messages) known.set(user.id, user)
    for (const person of view?.people ?? []) known.set(person.id, person)
    for (const { user, left_at } of members.values()) {
      if (left_at === null) known.set(user.id, user)
      else known.delete(user.id)
    }
    if (me !== null) known.delete(me.id)
    return [...known.values()]
  }, [messages, view?.people, members, me?.id])
  return { people, recency }
}
