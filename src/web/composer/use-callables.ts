import { useMemo } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import type { ApiProfile } from "../../protocol/answers"
import { useClient, useLive } from "../state/client"

export interface Callables {
  /** Those known of the room, without oneself. */
  people(): readonly ApiProfile[]
  /** The seq of what each said last. */
  recency(): ReadonlyMap<string, number>
}

/** Who can be called in a room. Looked up when somebody is called, and not at each message. */
export function useCallables(room: RoomHandle): Callables {
  const client = useClient()
  // They are loaded while somebody is being called: then there are more to choose from.
  const members = useLive(room.members)
  return useMemo(
    () => ({
      people() {
        const known = new Map<string, ApiProfile>()
        // Who writes here is here, whether or not the members have been loaded.
        for (const { user } of room.timeline.state.value.messages) known.set(user.id, user)
        for (const person of room.view.value?.people ?? []) known.set(person.id, person)
        for (const { user, left_at } of members.values()) {
          if (left_at === null) known.set(user.id, user)
          else known.delete(user.id)
        }
        known.delete(client.me.value?.id ?? "")
        return [...known.values()]
      },
      recency: () =>
        new Map(room.timeline.state.value.messages.map(({ user_id, seq }) => [user_id, seq])),
    }),
    [room, client, members],
  )
}
