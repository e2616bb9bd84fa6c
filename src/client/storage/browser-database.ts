import { createDeferred } from "../deferred"
import { quietly } from "../quietly"

/**
 * As much of IndexedDB as is used of it, described here so that the SDK compiles where there is
 * none. Everything rejects with what the browser says, and is to be lived without.
 */
interface Request<T> {
  readonly result: T
  readonly error: unknown
  onsuccess: (() => void) | null
  onerror: (() => void) | null
}

interface OpenRequest extends Request<Database> {
  onupgradeneeded: (() => void) | null
}

interface Database {
  createObjectStore(name: string): unknown
  transaction(stores: string, mode: "readonly" | "readwrite"): Transaction
  close(): void
  onversionchange: (() => void) | null
  onclose: (() => void) | null
}

interface Transaction {
  objectStore(name: string): ObjectStore
  readonly error: unknown
  oncomplete: (() => void) | null
  onabort: (() => void) | null
  onerror: (() => void) | null
}

/** Values come back as they were put there, by whichever version of this did it. */
interface ObjectStore {
  get(key: string): Request<unknown>
  getAll(): Request<readonly unknown[]>
  put(value: unknown, key: string): unknown
  delete(key: string): unknown
  clear(): unknown
}

export interface IndexedDb {
  open(name: string, version: number): OpenRequest
}

/** Some browsers never answer, after they were asleep. */
const OPEN_MS = 3_000

/** Another version of it closes what is open, and cannot be opened by pages that are older. */
const VERSION = 1
export const STORES = ["session", "rooms", "sends", "leases"] as const
export type StoreName = (typeof STORES)[number]

/** A database of the browser's, opened when it is first used, and again where it was closed. */
export function createBrowserDatabase(indexedDb: IndexedDb | undefined, name: string) {
  let opening: Promise<Database> | null = null
  /** A newer page has changed it: this one has nothing to look for there any more. */
  let isOutdated = false

  async function open(): Promise<Database> {
    if (indexedDb === undefined || isOutdated) throw new Error("there is no database")
    const request = indexedDb.open(name, VERSION)
    request.onupgradeneeded = () => {
      for (const store of STORES) request.result.createObjectStore(store)
    }
    const database = await inTime(resultOf(request))
    database.onversionchange = () => {
      isOutdated = true
      database.close()
    }
    database.onclose = () => {
      opening = null
    }
    return database
  }

  function opened(): Promise<Database> {
    opening ??= open()
    return opening
  }

  return {
    async read<T>(store: StoreName, ask: (from: ObjectStore) => Request<T>): Promise<T> {
      const database = await opened()
      return resultOf(ask(database.transaction(store, "readonly").objectStore(store)))
    },
    /** All of it or nothing; resolves when it is kept. */
    async write(store: StoreName, change: (to: ObjectStore) => void): Promise<void> {
      const database = await opened()
      const transaction = database.transaction(store, "readwrite")
      change(transaction.objectStore(store))
      return endOf(transaction)
    },
    /** Puts another value there, made of the one that is; nobody comes in between. */
    async replace(
      store: StoreName,
      key: string,
      make: (known: unknown) => unknown | null,
    ): Promise<boolean> {
      const database = await opened()
      const transaction = database.transaction(store, "readwrite")
      const objects = transaction.objectStore(store)
      let isReplaced = false
      const request = objects.get(key)
      request.onsuccess = () => {
        const made = make(request.result)
        if (made === null) return
        isReplaced = true
        objects.put(made, key)
      }
      await endOf(transaction)
      return isReplaced
    },
    async close(): Promise<void> {
      if (opening === null) return
      const closing = opening
      opening = null
      await quietly(closing.then((database) => database.close()))
    },
  }
}

export type BrowserDatabase = ReturnType<typeof createBrowserDatabase>

async function inTime(opened: Promise<Database>): Promise<Database> {
  const { promise, reject } = createDeferred<Database>()
  const timer = setTimeout(() => reject(new Error("the database does not open")), OPEN_MS)
  try {
    return await Promise.race([opened, promise])
  } finally {
    clearTimeout(timer)
  }
}

function resultOf<T>(request: Request<T>): Promise<T> {
  const { promise, resolve, reject } = createDeferred<T>()
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
  return promise
}

function endOf(transaction: Transaction): Promise<void> {
  const { promise, resolve, reject } = createDeferred<void>()
  transaction.oncomplete = () => resolve()
  transaction.onabort = () => reject(transaction.error)
  transaction.onerror = () => reject(transaction.error)
  return promise
}
