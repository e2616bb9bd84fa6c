import { useMemo } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import { useClient, useLive, useSelected } from "../state/client"
import type { Standing } from "../state/rights"
import { type RoomFrame, useRoomFrame } from "../state/room-frame"

/** Somebody in front of a room that is known. */
export interface RoomStanding extends Standing {
  readonly view: RoomFrame
  readonly membership: Standing["membership"]
}

/** Null: the room, or who one is, is not known yet. The same one for as long as nothing differs. */
export function useStanding(room: RoomHandle): RoomStanding | null {
  const client = useClient()
  const me = useLive(client.me)
  const view = useRoomFrame(room)
  const members = useLive(room.members)
  const isMine = useSelected(client.rooms, (all) => all.some((it) => it.room.id === room.id))
  return useMemo(() => {
    if (me === null || view === null) return null
    const known = members.get(me.id) ?? view.membership
    // One is known to be a member by the list of rooms before it is known as what.
    const membership = isMine ? (current(known) ?? PLAIN) : null
    return { me, view, room: view.room, membership }
  }, [me, view, members, isMine])
}

const PLAIN = { role: "member", left_at: null, muted_until: null } as const

const current = (member: Standing["membership"] | undefined): Standing["membership"] =>
  member === undefined || member === null || member.left_at !== null ? null : member
