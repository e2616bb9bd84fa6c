import type { PresenceStatus, Profile } from "../protocol/entities"
import type { RoomNumericId, UserNumericId } from "../protocol/ids"
import type { NodeId } from "./link"
import {
  addPlace,
  createRoster,
  isNewerProfile,
  isNewerStatus,
  type Roster,
  removePlace,
  type Standing,
} from "./roster"

interface ViewDeps {
  readonly node: NodeId
  /** A user who is on no node any more, but of whom nobody has been told so yet. */
  readonly owed: (user: UserNumericId) => Standing | null
  /** It was so before, and has changed just now. */
  readonly personChanged: (user: Profile, before: PresenceStatus) => void
  readonly placeChanged: (room: RoomNumericId, user: UserNumericId, before: boolean) => void
}

/**
 * All nodes' rosters as one. What is asked for is kept ready; each change of a roster makes its
 * one entry anew out of all rosters, so that nothing is counted and no count can go wrong.
 */
export function createPresenceView({ node, owed, personChanged, placeChanged }: ViewDeps) {
  const mine = createRoster()
  const rosters = new Map<NodeId, Roster>([[node, mine]])
  const people = new Map<UserNumericId, Standing>()
  const rooms: Roster["rooms"] = new Map()
  let lingering = 0

  function put(user: UserNumericId, standing: Standing | undefined): void {
    const before = people.get(user)
    if (before?.isLingering === true) lingering--
    if (standing === undefined) people.delete(user)
    else people.set(user, standing)
    if (standing?.isLingering === true) lingering++
    const profile = (standing ?? before)?.profile
    if (profile === undefined || before?.status === standing?.status) return
    personChanged(profile, before?.status ?? "offline")
  }

  function refresh(user: UserNumericId): void {
    let merged: Standing | undefined
    for (const { people } of rosters.values()) merged = merge(merged, people.get(user))
    put(user, merge(merged, owed(user) ?? undefined))
  }

  return {
    mine,
    rosters,
    rooms,
    refresh,
    refreshPlace(room: RoomNumericId, user: UserNumericId): void {
      const before = rooms.get(room)?.has(user) === true
      let isIn = false
      for (const roster of rosters.values()) isIn ||= roster.rooms.get(room)?.has(user) === true
      if (before === isIn) return
      if (isIn) addPlace(rooms, room, user)
      else removePlace(rooms, room, user)
      placeChanged(room, user, before)
    },
    /** Whoever lingers is there, too. */
    personOf: (user: UserNumericId): Standing | undefined => people.get(user),
    statusOf: (user: UserNumericId): PresenceStatus => people.get(user)?.status ?? "offline",
    users: () => people.keys(),
    countConnected: (): number => people.size - lingering,
    isIn: (room: RoomNumericId, user: UserNumericId): boolean =>
      rooms.get(room)?.has(user) ?? false,
    /** On a node, connected or lingering. */
    isOnAny(user: UserNumericId): boolean {
      for (const { people } of rosters.values()) if (people.has(user)) return true
      return false
    },
    /** On which other nodes the user is. */
    *standingsElsewhere(user: UserNumericId): Iterable<readonly [NodeId, Standing]> {
      for (const [other, roster] of rosters) {
        const standing = other === node ? undefined : roster.people.get(user)
        if (standing !== undefined) yield [other, standing]
      }
    },
    isInElsewhere(room: RoomNumericId, user: UserNumericId): boolean {
      for (const [other, roster] of rosters) {
        if (other !== node && roster.rooms.get(room)?.has(user) === true) return true
      }
      return false
    },
  }
}

function merge(one: Standing | undefined, other: Standing | undefined): Standing | undefined {
  if (one === undefined || other === undefined) return one ?? other
  const named = isNewerProfile(other, one) ? other : one
  const said = isNewerStatus(other, one) ? other : one
  return {
    profile: named.profile,
    profileAt: named.profileAt,
    status: said.status,
    statusAt: said.statusAt,
    isLingering: one.isLingering && other.isLingering,
  }
}

export type PresenceView = ReturnType<typeof createPresenceView>
