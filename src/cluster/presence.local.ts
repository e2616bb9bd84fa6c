import type { Profile } from "../protocol/entities"
import type { RoomNumericId, UserNumericId } from "../protocol/ids"
import type { OnlineStatus, Presence } from "./presence"

interface Online {
  profile: Profile
  /** 0: lingers. */
  connections: number
  status: OnlineStatus
}

/** Presence of a server that is alone. */
export function createLocalPresence(): Presence {
  const online = new Map<UserNumericId, Online>()
  const rooms = new Map<RoomNumericId, Map<UserNumericId, number>>()
  let lingering = 0
  const count = () => ({ users: online.size - lingering, rooms: rooms.size })

  return {
    connect(profile) {
      const known = online.get(profile.numericId)
      if (known === undefined) {
        online.set(profile.numericId, { profile, connections: 1, status: "online" })
        return true
      }
      if (known.connections === 0) {
        lingering--
        known.profile = profile
      }
      known.connections++
      return false
    },
    renew(profile) {
      const known = online.get(profile.numericId)
      if (known !== undefined) known.profile = profile
    },
    disconnect(user) {
      const known = online.get(user)
      if (known === undefined || known.connections === 0 || --known.connections > 0) return false
      lingering++
      return true
    },
    release(user) {
      if (online.get(user)?.connections !== 0) return false
      lingering--
      return online.delete(user)
    },
    setStatus(user, status) {
      const known = online.get(user)
      if (known !== undefined) known.status = status
    },
    statusOf: (user) => online.get(user)?.status ?? "offline",
    usersOnline: () => online.keys(),
    usersOnlyHere: () => online.keys(),
    enter(room, user) {
      let users = rooms.get(room)
      if (users === undefined) {
        users = new Map()
        rooms.set(room, users)
      }
      const connections = users.get(user) ?? 0
      users.set(user, connections + 1)
      return connections === 0
    },
    exit(room, user) {
      const users = rooms.get(room)
      const connections = users?.get(user)
      if (users === undefined || connections === undefined) return false
      if (connections > 1) {
        users.set(user, connections - 1)
        return false
      }
      users.delete(user)
      if (users.size === 0) rooms.delete(room)
      return true
    },
    isIn: (room, user) => rooms.get(room)?.has(user) ?? false,
    roomsOccupied: () => rooms.keys(),
    countIn: (room) => rooms.get(room)?.size ?? 0,
    usersIn: (room) => rooms.get(room)?.keys() ?? [],
    profilesIn(room, limit) {
      const found: Profile[] = []
      for (const user of rooms.get(room)?.keys() ?? []) {
        if (found.length === limit) break
        const known = online.get(user)
        // Whoever is in a room is online: they come after, and go before.
        if (known !== undefined) found.push(known.profile)
      }
      return found
    },
    count,
    countHere: count,
    heard: () => undefined,
    // Nobody is elsewhere, so nothing falls to this node but what it sees itself.
    tellBy: () => undefined,
  }
}
