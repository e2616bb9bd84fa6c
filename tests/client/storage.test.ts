import { describe, expect, spyOn, test } from "bun:test"
import { IDBFactory, IDBObjectStore } from "fake-indexeddb"
import { createBrowserStorage, createMemoryStorage, ParleyError } from "../../src/client"
import type {
  Storage,
  StoredRoom,
  StoredSend,
  StoredSession,
} from "../../src/client/storage/storage"
import { EXAMPLES } from "../../src/protocol/answer-examples"

const session: StoredSession = {
  user: EXAMPLES.User,
  accessToken: "a",
  expiresAt: 1,
  refreshToken: "r",
}
const roomAt = (until: number): StoredRoom => ({
  userId: EXAMPLES.User.id,
  view: {
    room: EXAMPLES.Room,
    people: [],
    membership: null,
    lastMessage: EXAMPLES.Message,
    unread: 2,
    mentions: 1,
    lastReadSeq: 1,
    typing: [],
  },
  messages: [EXAMPLES.Message],
  epoch: EXAMPLES.Room.epoch,
  until,
})
const send = (clientId: string, failure: ParleyError | null = null): StoredSend => ({
  userId: EXAMPLES.User.id,
  roomId: "r1",
  clientId,
  draft: { content: "hello", metadata: { a: [1, null] } },
  writtenAt: 7,
  failure,
})

/** Two pages of one browser. */
interface Pages {
  readonly one: Storage
  readonly other: Storage
}

const browser = (): Pages => {
  const scope = { indexedDB: new IDBFactory() }
  return { one: createBrowserStorage({}, scope), other: createBrowserStorage({}, scope) }
}
const memory = (): Pages => {
  const one = createMemoryStorage()
  return { one, other: one }
}

describe.each([
  ["memory", memory],
  ["the browser", browser],
] as const)("storage in %s", (_name, openPages) => {
  test("gives back to every page what one of them has kept", async () => {
    const { one, other } = openPages()
    const failure = new ParleyError("muted", "quiet", { status: 403 })

    await one.writeSession(session)
    await one.writeRooms([roomAt(3)])
    await one.writeSend(send("a"))
    await one.writeSend(send("b", failure))

    expect(await other.readSession()).toEqual(session)
    expect(await other.readRooms()).toEqual([roomAt(3)])
    const sends = await other.readSends()
    expect(sends.map(({ clientId }) => clientId).sort()).toEqual(["a", "b"])
    expect(sends.find(({ clientId }) => clientId === "a")).toEqual(send("a"))
    const failed = sends.find(({ clientId }) => clientId === "b")?.failure
    expect(failed).toBeInstanceOf(ParleyError)
    expect(failed).toMatchObject({ code: "muted", message: "quiet", isRetryable: false })
  })

  test("keeps the last state of a room, and nothing of what was removed", async () => {
    const { one, other } = openPages()
    await one.writeRooms([roomAt(3)])
    await one.writeRooms([roomAt(4)])
    await one.writeSend(send("a"))

    expect((await other.readRooms()).map(({ until }) => until)).toEqual([4])
    await other.removeRoom(EXAMPLES.Room.id)
    await other.removeSend("a")

    expect(await one.readRooms()).toEqual([])
    expect(await one.readSends()).toEqual([])
  })

  test("forgets everything when it is cleared", async () => {
    const { one, other } = openPages()
    await one.writeSession(session)
    await one.writeRooms([roomAt(3)])
    await one.writeSend(send("a"))

    await other.clear()

    expect(await one.readSession()).toBeNull()
    expect(await one.readRooms()).toEqual([])
    expect(await one.readSends()).toEqual([])
  })

  test("lets two pages do the same one after the other, and other things at once", async () => {
    const { one, other } = openPages()
    const seen: string[] = []
    const gate = Promise.withResolvers<void>()
    const isIn = Promise.withResolvers<void>()

    const first = one.alone("refresh", async () => {
      seen.push("first in")
      isIn.resolve()
      await gate.promise
      seen.push("first out")
      throw new Error("it went wrong")
    })
    await isIn.promise
    const second = other.alone("refresh", async () => seen.push("second"))
    await other.alone("another", async () => seen.push("another"))
    gate.resolve()

    expect(first).rejects.toThrow("it went wrong")
    await second
    expect(seen).toEqual(["first in", "another", "first out", "second"])
  })
})

describe("storage in the browser", () => {
  test("where there are locks they are used, by names of its own", async () => {
    const asked: string[] = []
    const locks = {
      request<T>(name: string, task: () => Promise<T>) {
        asked.push(name)
        return task()
      },
    }
    const storage = createBrowserStorage({ name: "two" }, { navigator: { locks } })

    expect(await storage.alone("refresh", async () => 7)).toBe(7)
    expect(asked).toEqual(["two refresh"])
  })

  test("where both the database and locks are forbidden, it is as if there were none", async () => {
    const refuse = () => {
      throw new DOMException("Access is denied", "SecurityError")
    }
    const scope = {
      get indexedDB() {
        return refuse()
      },
      navigator: { locks: { request: async <T>(): Promise<T> => refuse() } },
    }
    const storage = createBrowserStorage({}, scope)

    await storage.writeSession(session)

    expect(await storage.readSession()).toEqual(session)
    expect(await storage.alone("refresh", async () => 7)).toBe(7)
    const failing = storage.alone("refresh", async () => {
      throw new Error("it went wrong")
    })
    await expect(failing).rejects.toThrow("it went wrong")
  })

  test("where there is no database what is kept lives as long as the page", async () => {
    const storage = createBrowserStorage({}, {})

    await storage.writeSession(session)
    await storage.writeSend(send("a"))
    await storage.writeRooms([roomAt(3)])

    expect(await storage.readSession()).toEqual(session)
    expect(await storage.readSends()).toEqual([send("a")])
    expect(await storage.alone("refresh", async () => 7)).toBe(7)
  })

  test("where nothing more fits, an old session is not what is left of a new one", async () => {
    const indexedDB = new IDBFactory()
    const scope = { indexedDB }
    const other = createBrowserStorage({}, scope)
    await other.writeSession(session)
    const storage = createBrowserStorage({}, scope)
    // What cannot be copied is refused as what does not fit is.
    const uncopied = { ...session, refreshToken: "r2", extra: () => undefined }

    await storage.writeSession(uncopied)

    expect(await storage.readSession()).toMatchObject({ refreshToken: "r2" })
    expect(await other.readSession()).toBeNull()
  })

  test("where nothing more fits and there are no locks, tasks of one page still take turns", async () => {
    const storage = createBrowserStorage({}, { indexedDB: new IDBFactory() })
    const full = spyOn(IDBObjectStore.prototype, "put")
    full.mockImplementation(function (this: InstanceType<typeof IDBObjectStore>) {
      const request = this.get("nothing")
      this.transaction.abort()
      return request
    })
    const order: string[] = []

    const first = storage.alone("refresh", async () => {
      order.push("first begins")
      await Promise.resolve()
      order.push("first ends")
      return 7
    })
    await storage.alone("refresh", async () => order.push("second"))
    full.mockRestore()

    expect(await first).toBe(7)
    expect(order).toEqual(["first begins", "first ends", "second"])
  })

  test("given a newer page that changes the database, then the older one gives way", async () => {
    const indexedDB = new IDBFactory()
    const storage = createBrowserStorage({}, { indexedDB })
    await storage.writeSend(send("a"))

    const request = indexedDB.open("parley", 2)
    const opened = Promise.withResolvers<void>()
    request.onsuccess = () => opened.resolve()
    request.onblocked = () => opened.reject(new Error("the older page holds on to it"))
    await opened.promise
    await storage.writeSend(send("b"))

    expect((await storage.readSends()).map(({ clientId }) => clientId)).toEqual(["b"])
  })

  test("two accounts of one browser know nothing of each other", async () => {
    const indexedDB = new IDBFactory()
    const one = createBrowserStorage({ name: "one" }, { indexedDB })
    const two = createBrowserStorage({ name: "two" }, { indexedDB })

    await one.writeSession(session)

    expect(await two.readSession()).toBeNull()
  })
})
