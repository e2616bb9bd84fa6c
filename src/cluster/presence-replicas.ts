import { assertNever } from "../protocol/assert-never"
import type { RoomNumericId, UserNumericId } from "../protocol/ids"
import type { Link, NodeId } from "./link"
import type { Owed } from "./presence-owed"
import type { Returned } from "./presence-returned"
import type { PresenceView } from "./presence-view"
import type { Change } from "./presence-words"
import {
  applyChange,
  createRoster,
  type createStamps,
  isNewerStatus,
  type Roster,
  type Standing,
} from "./roster"

export interface ReplicasDeps {
  readonly link: Link
  readonly view: PresenceView
  readonly owed: Owed
  readonly returned: Returned
  readonly stamps: ReturnType<typeof createStamps>
  /** Something has changed on this node, and the others are to hear it. */
  readonly record: (change: Change) => void
}

const ALL_OF_THEM = { isWhole: true, rooms: [] } as const

/** What follows from what nodes tell of their people, and from losing a node. */
export function createReplicas(deps: ReplicasDeps) {
  const { link, view, owed, returned, stamps, record } = deps
  const { mine, rosters } = view

  function rosterOf(node: NodeId): Roster {
    let roster = rosters.get(node)
    if (roster === undefined) {
      roster = createRoster()
      rosters.set(node, roster)
      // Heard from its first word on, so there is nothing that is not known of it.
      record({ is: "knows", node })
    }
    return roster
  }

  function apply(node: NodeId, changes: readonly Change[]): void {
    const roster = rosterOf(node)
    for (const change of changes) {
      stamps.heard(change)
      if (change.is === "gone") forgetPerson(node, roster, change)
      applyChange(roster, change)
      heed(node, change)
      if (change.is === "out") forgetPlace(node, change)
    }
  }

  /** The roster has changed by it. */
  function heed(node: NodeId, change: Change): void {
    switch (change.is) {
      case "here":
        owed.settle(change.profile.numericId, ALL_OF_THEM)
        renewed(node, change.profile.numericId, change)
        return
      case "status":
        renewed(node, change.user, change)
        return
      case "named":
        view.refresh(change.profile.numericId)
        return
      case "lingers":
      case "gone":
        view.refresh(change.user)
        return
      case "in":
        owed.settle(change.user, { isWhole: false, rooms: [change.room] })
        view.refreshPlace(change.room, change.user)
        return
      case "out":
        view.refreshPlace(change.room, change.user)
        return
      case "told":
        owed.settle(change.user, change)
        view.refresh(change.user)
        if (node !== link.node) returned.contradict(change.user, change)
        return
      case "knows":
      case "buried":
      case "owes":
        return
      default:
        assertNever(change)
    }
  }

  function renewed(
    node: NodeId,
    user: UserNumericId,
    { status, statusAt }: Pick<Standing, "status" | "statusAt">,
  ): void {
    view.refresh(user)
    if (node === link.node) return
    // Taken on by every node of the user, so that it stays where the node that told it is left.
    const own = mine.people.get(user)
    if (own === undefined || !isNewerStatus({ status, statusAt }, own)) return
    record({ is: "status", user, status, statusAt })
  }

  /** Each of two nodes took the user to be on the other one, and so neither tells. */
  function forgetPerson(
    node: NodeId,
    roster: Roster,
    { user, isTold }: Extract<Change, { is: "gone" }>,
  ): void {
    const standing = roster.people.get(user)
    roster.people.delete(user)
    if (isTold || standing === undefined || view.isOnAny(user)) return
    owed.add(node, [{ profile: standing.profile, standing: lingering(standing), rooms: new Set() }])
  }

  function forgetPlace(node: NodeId, { room, user, isTold }: Extract<Change, { is: "out" }>): void {
    const person = view.personOf(user)
    if (isTold || person === undefined || view.isIn(room, user)) return
    owed.add(node, [{ profile: person.profile, standing: null, rooms: new Set([room]) }])
  }

  /** All in one turn, so nobody is seen to go who is there before and after. */
  function replace(node: NodeId, changes: readonly Change[]): void {
    const before = rosters.get(node)
    const roster = createRoster()
    rosters.set(node, roster)
    for (const change of changes) {
      stamps.heard(change)
      applyChange(roster, change)
    }
    for (const change of changes) heed(node, change)
    for (const user of before?.people.keys() ?? []) view.refresh(user)
    for (const [room, users] of before?.rooms ?? []) {
      for (const user of users) view.refreshPlace(room, user)
    }
    for (const gone of roster.buried) owed.bury(gone)
    for (const { buried } of rosters.values()) buried.delete(node)
    if (!mine.knows.has(node)) record({ is: "knows", node })
  }

  /** The node is no more. Whoever was there alone has gone, and nobody was told so. */
  function lose(node: NodeId): void {
    const roster = rosters.get(node)
    rosters.delete(node)
    if (roster !== undefined) owed.add(node, missingWithout(roster))
    for (const { knows } of rosters.values()) knows.delete(node)
    for (const user of roster?.people.keys() ?? []) view.refresh(user)
  }

  function missingWithout(roster: Roster) {
    const found = new Map<
      UserNumericId,
      Pick<Standing, "profile"> & { standing: Standing | null; rooms: Set<RoomNumericId> }
    >()
    for (const [user, standing] of roster.people) {
      if (view.isOnAny(user)) continue
      const { profile } = standing
      found.set(user, { profile, standing: lingering(standing), rooms: new Set() })
    }
    for (const [room, users] of roster.rooms) {
      for (const user of users) {
        view.refreshPlace(room, user)
        const profile = view.personOf(user)?.profile
        if (view.isIn(room, user) || profile === undefined) continue
        const known = found.get(user) ?? { profile, standing: null, rooms: new Set() }
        known.rooms.add(room)
        found.set(user, known)
      }
    }
    return [...found.values()]
  }

  function witnessesOf(node: NodeId): readonly NodeId[] {
    const knowing = [...link.others].filter(
      (it) => it === node || rosters.get(it)?.knows.has(node) === true,
    )
    return [link.node, ...knowing]
  }

  function isBuried(node: NodeId): boolean {
    for (const { buried } of rosters.values()) if (buried.has(node)) return true
    return false
  }

  return { apply, replace, heed, lose, witnessesOf, isBuried }
}

const lingering = (standing: Standing): Standing => ({ ...standing, isLingering: true })
