import { ParleyError } from "../error"
import { quietly } from "../quietly"
import { having } from "../shape"
import { createBrowserDatabase, type IndexedDb } from "./browser-database"
import { createLeases } from "./leases"
import type { Storage, StoredRoom, StoredSend, StoredSession } from "./storage"
import { createMemoryStorage } from "./storage.memory"

export interface BrowserStorageOptions {
  /** For several accounts in one browser. */
  readonly name?: string
}

/** As much of the global scope as may be there. */
interface Scope {
  readonly indexedDB?: IndexedDb
  readonly navigator?: { readonly locks?: Locks }
}

interface Locks {
  request<T>(name: string, task: () => Promise<T>): Promise<T>
}

/**
 * Keeps everything in IndexedDB. Where the browser does not let it, or has no room left, what
 * could not be kept is remembered for as long as the page lives.
 */
export function createBrowserStorage(
  { name = "parley" }: BrowserStorageOptions = {},
  // Browsers have more than what is described here, Node and Bun less.
  scope: Scope = globalThis as Scope,
): Storage {
  const database = createBrowserDatabase(databaseOf(scope), name)
  /** What could not be kept. */
  const memory = createMemoryStorage()
  let isSessionInMemory = false
  const locks = scope.navigator?.locks
  let areLocksRefused = false
  const leases = createLeases({
    claim: (lock, owner, until) =>
      database.replace("leases", lock, (known) =>
        isLease(known) && known.owner !== owner && known.until > Date.now()
          ? null
          : { owner, until },
      ),
    giveBack: (lock) => database.write("leases", (to) => to.delete(lock)),
    now: Date.now,
  })

  /** False: it could not be done. */
  async function succeeds(task: Promise<unknown>): Promise<boolean> {
    try {
      await task
      return true
    } catch {
      // Refused, full, gone or changed by a newer page: in each case memory takes over.
      return false
    }
  }

  async function readAll<T>(store: "rooms" | "sends", isOne: (it: unknown) => it is T) {
    try {
      return (await database.read(store, (from) => from.getAll())).filter(isOne)
    } catch {
      return []
    }
  }

  return {
    async readSession() {
      if (isSessionInMemory) return memory.readSession()
      try {
        const session = await database.read("session", (from) => from.get("session"))
        return isSession(session) ? session : null
      } catch {
        return memory.readSession()
      }
    },
    async writeSession(session) {
      await memory.writeSession(session)
      isSessionInMemory = !(await succeeds(
        database.write("session", (to) => {
          if (session === null) to.delete("session")
          else to.put(session, "session")
        }),
      ))
      // A refresh token that was used already ends the session: better none than that one.
      if (isSessionInMemory) {
        await quietly(database.write("session", (to) => to.delete("session")))
      }
    },
    async alone(lock, task) {
      let isBegun = false
      const begun = () => {
        isBegun = true
        return task()
      }
      try {
        if (locks !== undefined && !areLocksRefused) {
          return await locks.request(`${name} ${lock}`, begun)
        }
      } catch (error) {
        if (isBegun) throw error
        // Whoever allows a page to keep nothing forbids it locks too.
        areLocksRefused = true
      }
      try {
        return await leases.alone(lock, begun)
      } catch (error) {
        if (isBegun) throw error
      }
      return memory.alone(lock, task)
    },

    async readRooms() {
      const kept = await readAll("rooms", isRoom)
      return kept.length > 0 ? kept : memory.readRooms()
    },
    async writeRooms(rooms) {
      await quietly(
        database.write("rooms", (to) => {
          for (const room of rooms) to.put(room, room.view.room.id)
        }),
      )
    },
    removeRoom: (roomId) => quietly(database.write("rooms", (to) => to.delete(roomId))),

    async readSends() {
      const kept = (await readAll("sends", isKeptSend)).map(fromKept)
      return [...kept, ...(await memory.readSends())]
    },
    async writeSend(send) {
      const isKept = await succeeds(
        database.write("sends", (to) => to.put(asKept(send), send.clientId)),
      )
      if (!isKept) await memory.writeSend(send)
    },
    async removeSend(clientId) {
      await memory.removeSend(clientId)
      await quietly(database.write("sends", (to) => to.delete(clientId)))
    },

    async clear() {
      await memory.clear()
      isSessionInMemory = false
      for (const store of ["session", "rooms", "sends"] as const) {
        await quietly(database.write(store, (to) => to.clear()))
      }
    },
    close: database.close,
  }
}

/** Undefined also where even to ask for it is forbidden. */
function databaseOf(scope: Scope): IndexedDb | undefined {
  try {
    return scope.indexedDB
  } catch {
    return undefined
  }
}

/** An error comes back from the database as something else. */
interface KeptSend extends Omit<StoredSend, "failure"> {
  readonly failure: Pick<
    ParleyError,
    "code" | "message" | "status" | "problems" | "isRetryable"
  > | null
}

const asKept = ({ failure, ...send }: StoredSend): KeptSend => ({
  ...send,
  // The message is no field that spreading would find.
  failure: failure && { ...failure, message: failure.message },
})

const fromKept = ({ failure, ...send }: KeptSend): StoredSend => ({
  ...send,
  failure: failure && new ParleyError(failure.code, failure.message, failure),
})

// This page wrote it, or one of the same version of the database: what is looked at tells which.
const isSession = having<StoredSession>("refreshToken")
const isRoom = having<StoredRoom>("view", "until")
const isKeptSend = having<KeptSend>("clientId", "draft")
const isLease = having<{ readonly owner: string; readonly until: number }>("owner", "until")
