import { assertNever } from "../protocol/assert-never"
import type { Profile } from "../protocol/entities"
import type { RoomNumericId, UserNumericId } from "../protocol/ids"
import type { NodeId } from "./link"
import type { OnlineStatus } from "./presence"
import type { Change } from "./presence-words"

/** A user on one node. */
export interface Standing {
  readonly profile: Profile
  readonly profileAt: number
  readonly status: OnlineStatus
  readonly statusAt: number
  readonly isLingering: boolean
}

/** Who is on one node, as that node has told: it alone changes it. */
export interface Roster {
  readonly people: Map<UserNumericId, Standing>
  readonly rooms: Map<RoomNumericId, Set<UserNumericId>>
  /** Nodes all of whose people this one knows. */
  readonly knows: Set<NodeId>
  /** Lost nodes whose people this one has told gone. */
  readonly buried: Set<NodeId>
}

/** Lost nodes remembered: by then the first of them will not come back. */
const BURIED_MAX = 100

export const createRoster = (): Roster => ({
  people: new Map(),
  rooms: new Map(),
  knows: new Set(),
  buried: new Set(),
})

/** Words that come in an odd order change nothing that is not there. */
export function applyChange(roster: Roster, change: Change): void {
  const { people, rooms } = roster
  switch (change.is) {
    case "here": {
      const { profile, profileAt, status, statusAt } = change
      people.set(profile.numericId, { profile, profileAt, status, statusAt, isLingering: false })
      return
    }
    case "named":
      amend(people, change.profile.numericId, change)
      return
    case "status":
      amend(people, change.user, change)
      return
    case "lingers":
      amend(people, change.user, { isLingering: true })
      return
    case "gone":
      people.delete(change.user)
      return
    case "in":
      addPlace(rooms, change.room, change.user)
      return
    case "out":
      removePlace(rooms, change.room, change.user)
      return
    case "knows":
      roster.knows.add(change.node)
      return
    case "buried":
      bury(roster.buried, change.node)
      return
    case "told":
    case "owes":
      return
    default:
      assertNever(change)
  }
}

function bury(buried: Roster["buried"], node: NodeId): void {
  buried.add(node)
  const [oldest] = buried
  if (buried.size > BURIED_MAX && oldest !== undefined) buried.delete(oldest)
}

function amend(
  people: Roster["people"],
  user: UserNumericId,
  { profile, profileAt, status, statusAt, isLingering }: Partial<Standing>,
): void {
  const known = people.get(user)
  if (known === undefined) return
  people.set(user, {
    profile: profile ?? known.profile,
    profileAt: profileAt ?? known.profileAt,
    status: status ?? known.status,
    statusAt: statusAt ?? known.statusAt,
    isLingering: isLingering ?? known.isLingering,
  })
}

export function addPlace(rooms: Roster["rooms"], room: RoomNumericId, user: UserNumericId): void {
  const users = rooms.get(room)
  if (users === undefined) rooms.set(room, new Set([user]))
  else users.add(user)
}

export function removePlace(
  rooms: Roster["rooms"],
  room: RoomNumericId,
  user: UserNumericId,
): void {
  const users = rooms.get(room)
  if (users?.delete(user) === true && users.size === 0) rooms.delete(room)
}

/** The roster as changes, which applied to an empty one make it again. */
export function changesOf({ people, rooms, knows, buried }: Roster): Change[] {
  const changes: Change[] = []
  for (const node of knows) changes.push({ is: "knows", node })
  for (const node of buried) changes.push({ is: "buried", node })
  for (const [user, { profile, profileAt, status, statusAt, isLingering }] of people) {
    changes.push({ is: "here", profile, profileAt, status, statusAt })
    if (isLingering) changes.push({ is: "lingers", user })
  }
  for (const [room, users] of rooms) {
    for (const user of users) changes.push({ is: "in", room, user })
  }
  return changes
}

/** The last one told wins; of two at the same instant the same one on every node. */
export const isNewerStatus = (
  one: Pick<Standing, "status" | "statusAt">,
  other: Pick<Standing, "status" | "statusAt">,
): boolean =>
  one.statusAt > other.statusAt || (one.statusAt === other.statusAt && one.status > other.status)

export function isNewerProfile(
  one: Pick<Standing, "profile" | "profileAt">,
  other: Pick<Standing, "profile" | "profileAt">,
): boolean {
  if (one.profileAt !== other.profileAt) return one.profileAt > other.profileAt
  return JSON.stringify(one.profile) > JSON.stringify(other.profile)
}

/**
 * Numbers that order what nodes tell: the time, but always greater than all that were heard. So
 * a node whose clock is behind still comes after what it has heard of.
 */
export function createStamps(now: () => number) {
  let last = 0
  return {
    next(): number {
      last = Math.max(last + 1, now())
      return last
    },
    heard(change: Change): void {
      if ("statusAt" in change) last = Math.max(last, change.statusAt)
      if ("profileAt" in change) last = Math.max(last, change.profileAt)
    },
  }
}
