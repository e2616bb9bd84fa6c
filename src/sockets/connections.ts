import type { Actor, User } from "../protocol/entities"
import type { Instant, UserNumericId } from "../protocol/ids"
import type { CloseReason, Connection } from "./connection"
import { endWithWord } from "./farewell"

export interface ConnectionLimits {
  /** 0 = no limit. */
  readonly perUserMax: number
  readonly perAddressMax: number
}

/** Counts by a key that other nodes have, too. */
export interface CountElsewhere<Key> {
  /** So many there are here now. */
  set(key: Key, count: number): void
  /** How many other nodes have. */
  elsewhere(key: Key): number
}

export interface ConnectionsElsewhere {
  readonly byUser: CountElsewhere<UserNumericId>
  readonly byAddress: CountElsewhere<string>
  /** Sessions of Socket.IO that are nobody's yet, by address. */
  readonly guests: CountElsewhere<string>
}

interface ConnectionsDeps extends ConnectionLimits {
  /** Null: this node is alone. */
  readonly elsewhere?: Pick<ConnectionsElsewhere, "byUser" | "byAddress"> | null
  readonly now: () => Instant
}

/**
 * All connections of this node: who has how many, and how to reach those of one user. Those on
 * other nodes count towards the limits.
 */
export function createConnections(deps: ConnectionsDeps) {
  const { perUserMax, perAddressMax, now } = deps
  // Where there is no limit, nobody need know.
  const usersElsewhere = perUserMax > 0 ? deps.elsewhere?.byUser : undefined
  const addressesElsewhere = perAddressMax > 0 ? deps.elsewhere?.byAddress : undefined
  const all = new Set<Connection>()
  const byUser = new Map<UserNumericId, Set<Connection>>()
  const countByAddress = new Map<string, number>()
  let changes = 0

  function add(connection: Connection): void {
    all.add(connection)
    const { address, actor } = connection
    countAddress(address, 1)
    if (actor !== null) addToUser(connection, actor)
  }

  function addToUser(connection: Connection, { user }: Actor): void {
    const known = byUser.get(user.numericId)
    if (known === undefined) byUser.set(user.numericId, new Set([connection]))
    else known.add(connection)
    tellUser(user.numericId)
  }

  const tellUser = (user: UserNumericId) => usersElsewhere?.set(user, byUser.get(user)?.size ?? 0)

  function countAddress(address: string, change: 1 | -1): void {
    const count = (countByAddress.get(address) ?? 0) + change
    if (count === 0) countByAddress.delete(address)
    else countByAddress.set(address, count)
    addressesElsewhere?.set(address, count)
  }

  function remove(connection: Connection): void {
    if (!all.delete(connection)) return
    const { address, actor } = connection
    countAddress(address, -1)
    if (actor === null) return
    const mine = byUser.get(actor.user.numericId)
    mine?.delete(connection)
    if (mine?.size === 0) byUser.delete(actor.user.numericId)
    tellUser(actor.user.numericId)
  }

  const countOfUser = (user: UserNumericId): number =>
    (byUser.get(user)?.size ?? 0) + (usersElsewhere?.elsewhere(user) ?? 0)

  const countOfAddress = (address: string): number =>
    (countByAddress.get(address) ?? 0) + (addressesElsewhere?.elsewhere(address) ?? 0)

  /** A copy: closing a connection takes it out of the set that is being walked. */
  const ofUser = (user: UserNumericId): readonly Connection[] => [...(byUser.get(user) ?? [])]

  return {
    all,
    add,
    addToUser,
    remove,
    ofUser,
    isUserFull: (user: UserNumericId) => perUserMax > 0 && countOfUser(user) >= perUserMax,
    isAddressFull: (address: string) =>
      perAddressMax > 0 && countOfAddress(address) >= perAddressMax,
    /**
     * How often rights have ended or users have changed. Who looks up an actor for a connection
     * looks again if this moved meanwhile: the change has not reached that connection.
     */
    get changes(): number {
      return changes
    },
    /** Whose connections these are; one and the same actor may come several times. */
    *actors(): Iterable<Actor> {
      for (const { actor } of all) if (actor !== null) yield actor
    },
    /** The user's open connections act and speak as the user is now. */
    renew(user: User): void {
      changes++
      for (const connection of ofUser(user.numericId)) {
        if (connection.actor !== null) connection.actor = { ...connection.actor, user }
      }
    },
    /** Closes every connection whose actor is meant. */
    endWhere(isMeant: (actor: Actor) => boolean, reason: CloseReason): void {
      changes++
      const at = now()
      for (const connection of [...all]) {
        const { actor } = connection
        if (actor !== null && isMeant(actor)) endWithWord(connection, reason, at)
      }
    },
  }
}

export type Connections = ReturnType<typeof createConnections>
