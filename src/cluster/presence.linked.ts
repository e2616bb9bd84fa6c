import type { Profile } from "../protocol/entities"
import type { RoomNumericId, UserNumericId } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { Link } from "./link"
import type { Presence, Tellers } from "./presence"
import { createExchange } from "./presence-exchange"
import { createOwed } from "./presence-owed"
import { createReplicas } from "./presence-replicas"
import { createReturned } from "./presence-returned"
import { createTold } from "./presence-told"
import { createPresenceView } from "./presence-view"
import type { Change } from "./presence-words"
import { applyChange, changesOf, createStamps } from "./roster"

export interface LinkedPresenceDeps {
  readonly link: Link
  readonly now: () => number
  /** How long somebody may be away unnoticed whose node is lost. */
  readonly graceMs?: number
  /** How long one node waits for another to tell what both have to tell. */
  readonly patienceMs?: number
  /** How often it is looked at whether watchers were told what has changed. */
  readonly tickMs?: number
}

export interface LinkedPresence extends Presence {
  /** Tells the others what waits to be told, and ends every timer. Before the link is closed. */
  close(): void
}

/**
 * Presence of one node of many: asked at once and answered from what is known here, so two nodes
 * that do something within a few milliseconds may both believe to be the first, or let the last
 * two into a room for one. A going that both took for the other's is found and told afterwards.
 *
 * What it costs. A user who comes or goes, and each room that they enter or leave, is one change
 * told to every node: about 250 bytes for who comes, 40 for the rest. Changes of one turn of the
 * event loop are one word. A second connection to the same node tells nothing. Every node keeps
 * everybody: about 300 bytes for a user and 100 for a place in a room, twice for users and places
 * of its own. So presence does not get cheaper by more nodes; what does is everything else.
 */
export function createLinkedPresence(deps: LinkedPresenceDeps): LinkedPresence {
  const { link, now, graceMs = LIMITS.offlineGraceMs } = deps
  const nothing = () => Promise.resolve()
  let tellers: Tellers = { gone: nothing, back: nothing, mend: nothing }
  const stamps = createStamps(now)
  const owed = createOwed({
    link,
    graceMs,
    patienceMs: deps.patienceMs,
    witnessesOf: (node) => replicas.witnessesOf(node),
    isBuried: (node) => replicas.isBuried(node),
    gone: (people) => tellers.gone(people),
    announce: (change) => record(change),
    refresh: (user) => view.refresh(user),
  })
  const view = createPresenceView({
    node: link.node,
    owed: owed.standingOf,
    personChanged: (profile, before) => told.personChanged(profile, before),
    placeChanged: (room, user, before) => told.placeChanged(room, user, before),
  })
  const told = createTold({
    view,
    isUp: () => link.isUp,
    isAsking: () => exchange.isAsking(),
    mend: (words) => tellers.mend(words),
    tickMs: deps.tickMs,
  })
  const { mine } = view
  const returned = createReturned({
    node: link.node,
    view,
    back: (people) => tellers.back(people),
  })
  const replicas = createReplicas({ link, view, owed, returned, stamps, record })
  const exchange = createExchange({
    link,
    everything: () => [...changesOf(mine), ...owed.changes()],
    onAnswer: owed.compare,
    apply: replicas.apply,
    replace(node, changes) {
      told.doubt()
      replicas.replace(node, changes)
    },
    wasToldGone: replicas.isBuried,
    onTakenForLost: returned.takenForLost,
  })
  /** Connections beyond the first one of a user, or of a user in a room. */
  const further = createFurther()

  /** Something has changed on this node. */
  function record(change: Change): void {
    applyChange(mine, change)
    replicas.heed(link.node, change)
    exchange.push(change)
  }

  link.on({
    nodeJoined: (node) => {
      told.doubt()
      exchange.ask(node)
    },
    nodeLeft: (node) => {
      told.doubt()
      exchange.forget(node)
      replicas.lose(node)
      owed.tellDue()
    },
    missed: (node) => {
      told.doubt()
      if (node === null) exchange.askAll()
      else exchange.ask(node)
    },
  })

  // Of a link that was there before it was listened to.
  exchange.askNew()

  return {
    connect(given) {
      const profile = profileOf(given)
      const user = profile.numericId
      if (mine.people.get(user)?.isLingering === false) {
        further.add(user)
        return false
      }
      const known = view.personOf(user)
      const { status = "online", statusAt = 0 } = known ?? {}
      record({ is: "here", profile, profileAt: stamps.next(), status, statusAt })
      return known === undefined
    },
    renew(profile) {
      if (!mine.people.has(profile.numericId)) return
      record({ is: "named", profile: profileOf(profile), profileAt: stamps.next() })
    },
    disconnect(user) {
      if (mine.people.get(user)?.isLingering !== false || further.take(user)) return false
      for (const [, { isLingering }] of view.standingsElsewhere(user)) {
        if (isLingering) continue
        record({ is: "gone", user, isTold: false })
        return false
      }
      record({ is: "lingers", user })
      return true
    },
    release(user) {
      if (mine.people.get(user)?.isLingering !== true) return false
      const [elsewhere] = view.standingsElsewhere(user)
      record({ is: "gone", user, isTold: elsewhere === undefined })
      return elsewhere === undefined
    },
    setStatus(user, status) {
      if (!mine.people.has(user)) return
      record({ is: "status", user, status, statusAt: stamps.next() })
    },
    statusOf: view.statusOf,
    usersOnline: view.users,
    *usersOnlyHere() {
      for (const user of mine.people.keys()) {
        const [elsewhere] = view.standingsElsewhere(user)
        if (elsewhere === undefined) yield user
      }
    },
    enter(room, user) {
      if (mine.rooms.get(room)?.has(user) === true) {
        further.add(user, room)
        return false
      }
      const isFirst = !view.isIn(room, user) && !owed.owesPlace(room, user)
      record({ is: "in", room, user })
      return isFirst
    },
    exit(room, user) {
      if (mine.rooms.get(room)?.has(user) !== true || further.take(user, room)) return false
      const isLast = !view.isInElsewhere(room, user)
      record({ is: "out", room, user, isTold: isLast })
      return isLast
    },
    isIn: view.isIn,
    roomsOccupied: () => view.rooms.keys(),
    countIn: (room) => view.rooms.get(room)?.size ?? 0,
    usersIn: (room) => view.rooms.get(room)?.keys() ?? [],
    profilesIn(room, limit) {
      const found: Profile[] = []
      for (const user of view.rooms.get(room)?.keys() ?? []) {
        if (found.length === limit) break
        const known = view.personOf(user)
        if (known !== undefined) found.push(known.profile)
      }
      return found
    },
    count: () => ({ users: view.countConnected(), rooms: view.rooms.size }),
    countHere() {
      let users = 0
      for (const { isLingering } of mine.people.values()) if (!isLingering) users++
      return { users, rooms: mine.rooms.size }
    },
    heard: told.heard,
    tellBy(given) {
      tellers = given
    },
    close() {
      exchange.close()
      owed.close()
      returned.close()
      told.close()
    },
  }
}

/** As much of a user as others are told, whatever more was given. */
const profileOf = ({
  id,
  numericId,
  username,
  displayName,
  avatarUrl,
  email,
}: Profile): Profile => ({
  id,
  numericId,
  username,
  displayName,
  avatarUrl,
  email,
})

function createFurther() {
  const counts = new Map<string, number>()
  const keyOf = (user: UserNumericId, room?: RoomNumericId) => `${user}:${room ?? ""}`
  return {
    add(user: UserNumericId, room?: RoomNumericId): void {
      const key = keyOf(user, room)
      counts.set(key, (counts.get(key) ?? 0) + 1)
    },
    /** False: there was none but the first. */
    take(user: UserNumericId, room?: RoomNumericId): boolean {
      if (counts.size === 0) return false
      const key = keyOf(user, room)
      const count = counts.get(key)
      if (count === undefined) return false
      if (count === 1) counts.delete(key)
      else counts.set(key, count - 1)
      return true
    },
  }
}
