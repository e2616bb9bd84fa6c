import type { RoomHandle, RoomView } from "../../client/client"
import { useClient, useLive } from "../state/client"
import type { Standing } from "../state/rights"

/** Somebody in front of a room that is known. */
export interface RoomStanding extends Standing {
  readonly view: RoomView
  readonly membership: Standing["membership"]
}

/** Null: the room, or who one is, is not known yet. */
export function useStanding(room: RoomHandle): RoomStanding | null {
  const client = useClient()
  const me = useLive(client.me)
  const view = useLive(room.view)
  const members = useLive(room.members)
  const rooms = useLive(client.rooms)
  if (me === null || view === null) return null
  const isMine = rooms.some((it) => it.room.id === room.id)
  const known = members.get(me.id) ?? view.membership
  // One is known to be a member by the list of rooms before it is known as what.
  const membership = isMine ? (current(known) ?? PLAIN) : null
  return { me, view, room: view.room, membership }
}

const PLAIN = { role: "member", left_at: null, muted_until: null } as const

const current = (member: Standing["membership"] | undefined): Standing["membership"] =>
  member === undefined || member === null || member.left_at !== null ? null : member
