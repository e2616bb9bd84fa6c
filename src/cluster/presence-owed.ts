import type { Profile } from "../protocol/entities"
import type { RoomNumericId, UserNumericId } from "../protocol/ids"
import type { Link, NodeId } from "./link"
import type { Tellers, Untold } from "./presence"
import type { Change } from "./presence-words"
import type { Standing } from "./roster"

/** What nobody has been told yet of a user who was on a node that cannot tell it. */
interface Debt {
  readonly profile: Profile
  /** Null: the user is on another node, and only places in rooms have ended. */
  standing: Standing | null
  readonly rooms: Set<RoomNumericId>
  readonly node: NodeId
  /** Nodes that owe the same. The smallest one alive tells. */
  witnesses: readonly NodeId[]
  isDue: boolean
  /** So many who were to tell it before this node have had their time. */
  passed: number
}

export interface OwedDeps {
  readonly link: Link
  readonly graceMs: number
  readonly patienceMs?: number | undefined
  /** Nodes, this one among them, that know all people of the node. */
  readonly witnessesOf: (node: NodeId) => readonly NodeId[]
  /** Its people have been told gone, by whichever node. */
  readonly isBuried: (node: NodeId) => boolean
  readonly gone: Tellers["gone"]
  /** Says to the other nodes that it has been told. */
  readonly announce: (change: Change) => void
  /** The user's debt has changed. */
  readonly refresh: (user: UserNumericId) => void
}

/** Told at a time; then others have their turn. */
export const TOLD_AT_ONCE = 100

/**
 * Who is to tell should have done so by then. If nothing is heard of that, the next node does:
 * told twice is better than never, which would leave somebody in sight who is not there.
 */
const PATIENCE_MS = 60_000

/**
 * What is owed to everybody after a node was lost: its users linger for the grace, and then one
 * node, the smallest of those that knew it, tells. The others keep the debt until they hear that
 * it is paid, so that the next one goes on where a teller has been lost, too.
 */
export function createOwed(deps: OwedDeps) {
  const { link, graceMs, patienceMs = PATIENCE_MS, announce, refresh } = deps
  const debts = new Map<UserNumericId, Debt>()
  const timers = new Set<Timer>()
  let isTelling = false
  let isClosed = false

  function later(ms: number, task: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      task()
    }, ms)
    timer.unref()
    timers.add(timer)
  }

  /** They have gone, or their places in rooms have, with the node or behind its back. */
  function add(node: NodeId, found: readonly Pick<Debt, "profile" | "standing" | "rooms">[]): void {
    if (isClosed || found.length === 0 || deps.isBuried(node)) return
    const witnesses = deps.witnessesOf(node)
    const group = found.map(({ profile, standing, rooms }) => {
      const user = profile.numericId
      const old = debts.get(user)
      const debt: Debt = {
        profile,
        standing: standing ?? old?.standing ?? null,
        rooms: new Set([...(old?.rooms ?? []), ...rooms]),
        node,
        witnesses,
        isDue: false,
        passed: 0,
      }
      debts.set(user, debt)
      refresh(user)
      return debt
    })
    ripen(group)
  }

  function ripen(group: readonly Debt[], isSure = true): void {
    later(graceMs, () => {
      // It may be this node that is cut off, and all others are well: when it hears of them again
      // they have the grace to say who is there.
      if (!link.isUp || !isSure) {
        ripen(group, link.isUp)
        return
      }
      for (const debt of group) debt.isDue = true
      press(group)
    })
  }

  function press(group: readonly Debt[]): void {
    void tellDue()
    later(patienceMs, () => {
      const left = group.filter((debt) => debts.get(debt.profile.numericId) === debt)
      // Cut off, this node has heard of nobody who has told.
      for (const debt of link.isUp ? left : []) debt.passed++
      if (left.length > 0) press(left)
    })
  }

  function drop({ profile: { numericId } }: Debt): void {
    debts.delete(numericId)
    refresh(numericId)
  }

  function isMineToTell({ isDue, passed, witnesses }: Debt): boolean {
    if (!isDue || !link.isUp) return false
    const before = witnesses.filter((it) => it < link.node && link.others.has(it))
    return before.length <= passed
  }

  /** Takes what falls to this node, a slice at a time, and tells it. */
  async function tellDue(): Promise<void> {
    if (isTelling) return
    isTelling = true
    try {
      for (let slice = takeSlice(); slice.length > 0; slice = takeSlice()) {
        await tell(slice)
        await new Promise((resolve) => setImmediate(resolve))
      }
    } finally {
      isTelling = false
    }
  }

  function takeSlice(): readonly Debt[] {
    const slice: Debt[] = []
    if (isClosed) return slice
    for (const debt of debts.values()) {
      if (isMineToTell(debt)) slice.push(debt)
      if (slice.length === TOLD_AT_ONCE) break
    }
    for (const debt of slice) drop(debt)
    return slice
  }

  async function tell(slice: readonly Debt[]): Promise<void> {
    await deps.gone(slice.map(asUntold))
    for (const { profile, standing, rooms, node } of slice) {
      if (!link.others.has(node) && !deps.isBuried(node)) announce({ is: "buried", node })
      const user = profile.numericId
      announce({ is: "told", user, isWhole: standing !== null, rooms: [...rooms] })
    }
  }

  /** Nothing is owed of it any more: they are back, or it has been told. */
  function settle(user: UserNumericId, settled: Pick<Untold, "isWhole" | "rooms">): void {
    const debt = debts.get(user)
    if (debt === undefined) return
    if (settled.isWhole) debt.standing = null
    for (const room of settled.rooms) debt.rooms.delete(room)
    if (debt.standing === null && debt.rooms.size === 0) debts.delete(user)
  }

  return {
    add,
    settle,
    changes: (): readonly Change[] =>
      [...debts.keys()].map((user) => ({ is: "owes", user }) as const),
    /** Words were lost, and the node does not owe what this one has left to it to tell. */
    compare(node: NodeId, changes: readonly Change[]): void {
      if (debts.size === 0) return
      const owing = new Set(changes.map((it) => (it.is === "owes" ? it.user : null)))
      for (const [user, debt] of debts) {
        if (owing.has(user)) continue
        debt.witnesses = debt.witnesses.filter((it) => it !== node)
      }
      void tellDue()
    },
    /** While this one was away, another has told all that is owed of the lost node. */
    bury(node: NodeId): void {
      for (const debt of [...debts.values()]) if (debt.node === node) drop(debt)
    },
    standingOf: (user: UserNumericId): Standing | null => debts.get(user)?.standing ?? null,
    owesPlace: (room: RoomNumericId, user: UserNumericId): boolean =>
      debts.get(user)?.rooms.has(room) ?? false,
    /** Another node is lost: what it would have told may fall to this one. */
    tellDue: () => void tellDue(),
    close(): void {
      isClosed = true
      for (const timer of timers) clearTimeout(timer)
      debts.clear()
    },
  }
}

const asUntold = ({ profile, standing, rooms }: Debt): Untold => ({
  user: profile,
  status: standing?.status ?? "online",
  isWhole: standing !== null,
  rooms: [...rooms],
})

export type Owed = ReturnType<typeof createOwed>
