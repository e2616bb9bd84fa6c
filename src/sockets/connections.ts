import type { Actor, User } from "../protocol/entities"
import type { Instant, UserNumericId } from "../protocol/ids"
import type { CloseReason, Connection } from "./connection"
import { endWithWord } from "./farewell"

export interface ConnectionLimits {
  /** 0 = no limit. */
  readonly perUserMax: number
  readonly perAddressMax: number
}

interface ConnectionsDeps extends ConnectionLimits {
  readonly now: () => Instant
}

/** All connections of this node: who has how many, and how to reach those of one user. */
export function createConnections({ perUserMax, perAddressMax, now }: ConnectionsDeps) {
  const all = new Set<Connection>()
  const byUser = new Map<UserNumericId, Set<Connection>>()
  const countByAddress = new Map<string, number>()
  let changes = 0

  function add(connection: Connection): void {
    all.add(connection)
    const { address, actor } = connection
    countByAddress.set(address, (countByAddress.get(address) ?? 0) + 1)
    if (actor !== null) addToUser(connection, actor)
  }

  function addToUser(connection: Connection, { user }: Actor): void {
    const known = byUser.get(user.numericId)
    if (known === undefined) byUser.set(user.numericId, new Set([connection]))
    else known.add(connection)
  }

  function remove(connection: Connection): void {
    if (!all.delete(connection)) return
    const { address, actor } = connection
    const count = (countByAddress.get(address) ?? 1) - 1
    if (count === 0) countByAddress.delete(address)
    else countByAddress.set(address, count)
    if (actor === null) return
    const mine = byUser.get(actor.user.numericId)
    mine?.delete(connection)
    if (mine?.size === 0) byUser.delete(actor.user.numericId)
  }

  /** A copy: closing a connection takes it out of the set that is being walked. */
  const ofUser = (user: UserNumericId): readonly Connection[] => [...(byUser.get(user) ?? [])]

  return {
    all,
    add,
    addToUser,
    remove,
    ofUser,
    isUserFull: (user: UserNumericId) =>
      perUserMax > 0 && (byUser.get(user)?.size ?? 0) >= perUserMax,
    isAddressFull: (address: string) =>
      perAddressMax > 0 && (countByAddress.get(address) ?? 0) >= perAddressMax,
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
