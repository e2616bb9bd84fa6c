import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test"
import type { Actor, Room } from "../../src/protocol/entities"
import type { BusMessage } from "../../src/protocol/events"
import { LIMITS } from "../../src/protocol/limits"
import { codeOf } from "../support/chat"
import { openCluster, type TestCluster, type TestNode } from "../support/linked-chats"
import { turns } from "../support/turns"
import { waitUntil } from "../support/wait"

/** Of the messages those about presence, in short. */
const inShort = (messages: readonly BusMessage[]): string[] =>
  messages.flatMap((it) => {
    switch (it.type) {
      case "user.online":
      case "user.offline":
      case "room.entered":
      case "room.exited":
        return [`${it.type} ${it.user.username}`]
      case "presence":
        return [`${it.user.username} is ${it.status}`]
      default:
        return []
    }
  })

describe("presence on three nodes", () => {
  let cluster: TestCluster
  let one: TestNode
  let two: TestNode
  let three: TestNode
  let ann: Actor
  let bob: Actor
  let room: Room

  beforeEach(async () => {
    await open()
  })
  afterEach(async () => {
    jest.useRealTimers()
    await settle()
    await cluster.close()
  })

  async function open(options?: Parameters<typeof openCluster>[1]): Promise<void> {
    cluster = await openCluster(3, options)
    const [first, second, third] = cluster.nodes
    if (first === undefined || second === undefined || third === undefined) throw new Error("three")
    one = first
    two = second
    three = third
    ann = await one.person("ann")
    bob = await one.person("bob")
    const id = await one.room(ann, [bob])
    room = (await one.chat.rooms.getRoom(ann, id)).room
    // Bob is there to be told.
    one.chat.presence.connect(bob)
    one.chat.presence.enter(room, bob)
    await settle()
    forget()
  }

  /** What runs in the background, and words from node to node. */
  async function settle(): Promise<void> {
    await turns(12)
    expect(cluster.nodes.flatMap(({ failures }) => failures)).toEqual([])
  }
  function forget(): void {
    for (const { said, told, batches } of cluster.nodes) {
      said.length = 0
      told.length = 0
      batches.length = 0
    }
  }
  const saidByAll = () => cluster.nodes.flatMap(({ said }) => inShort(said))
  const toldAt = ({ told }: TestNode) => inShort(told)

  /** Time passes after it was done. */
  async function after(ms: number, act: () => void): Promise<void> {
    jest.useFakeTimers()
    act()
    jest.advanceTimersByTime(ms)
    jest.useRealTimers()
    await settle()
  }
  async function arrive(node: TestNode, who: Actor): Promise<void> {
    node.chat.presence.connect(who)
    node.chat.presence.enter(room, who)
    await settle()
  }
  function go(node: TestNode, who: Actor): void {
    node.chat.presence.exit(room, who)
    node.chat.presence.disconnect(who)
  }
  const lastSeenOf = async ({ user }: Actor) => (await one.chat.users.getUser(user.id)).lastSeenAt

  const CAME = ["user.online ann", "room.entered ann", "ann is online"]
  const WENT = ["room.exited ann", "user.offline ann", "ann is offline"]

  test("given connections on two nodes, the first one brings ann and the last one takes her away, told once", async () => {
    await arrive(two, ann)
    await arrive(three, ann)
    expect(saidByAll()).toEqual(CAME)
    await after(LIMITS.offlineGraceMs, () => go(two, ann))
    expect(saidByAll()).toEqual(CAME)
    expect(await lastSeenOf(ann)).toBeNull()

    await after(LIMITS.offlineGraceMs, () => go(three, ann))

    expect(saidByAll()).toEqual([...CAME, ...WENT])
    expect(toldAt(one)).toEqual([...CAME, ...WENT])
    expect(await lastSeenOf(ann)).not.toBeNull()
  })

  test("who comes back on another node within the 2 s was never away, and is as busy as before", async () => {
    await arrive(two, ann)
    await two.chat.presence.setStatus(ann, "dnd")
    await settle()
    forget()
    jest.useFakeTimers()
    two.chat.presence.disconnect(ann)
    jest.advanceTimersByTime(1_999)
    jest.useRealTimers()
    await settle()
    expect(await one.chat.presence.listOnline(bob, room.id)).toMatchObject([
      { user: { username: "ann" }, status: "dnd" },
      { user: { username: "bob" } },
    ])

    await after(60_000, () => three.chat.presence.connect(ann))

    expect(saidByAll()).toEqual([])
    expect(cluster.nodes.map(({ linked }) => linked.statusOf(ann.user.numericId))).toEqual([
      "dnd",
      "dnd",
      "dnd",
    ])
    expect(await lastSeenOf(ann)).toBeNull()
  })

  test("given ann closes her last two connections on two nodes in the same moment, her going is told once", async () => {
    await cluster.close()
    await open({ graceMs: 10 })
    await arrive(two, ann)
    await arrive(three, ann)
    forget()

    go(two, ann)
    go(three, ann)
    await settle()
    expect(saidByAll()).toEqual([])
    await waitUntil("ann has gone", () => toldAt(three).length >= 3)
    await settle()

    expect(saidByAll().sort()).toEqual([...WENT].sort())
  })

  test("given a node is lost, its people go after 2 s, and the smallest node left says so alone", async () => {
    await arrive(three, ann)
    forget()
    jest.useFakeTimers()
    three.link.leave()
    for (const { linked } of [one, two]) {
      expect(linked.isIn(room.numericId, ann.user.numericId)).toBe(false)
      expect(linked.count()).toEqual({ users: 1, rooms: 1 })
    }
    jest.advanceTimersByTime(LIMITS.offlineGraceMs - 1)
    await settle()
    expect(saidByAll()).toEqual([])

    jest.advanceTimersByTime(1)
    jest.useRealTimers()
    await settle()

    expect(inShort(one.said)).toEqual(WENT)
    expect(inShort(two.said)).toEqual([])
    expect(toldAt(two)).toEqual(WENT)
    expect(await lastSeenOf(ann)).not.toBeNull()
    expect(two.linked.statusOf(ann.user.numericId)).toBe("offline")
  }, 10_000)

  test("given a node is lost, who comes back on another one within 2 s was never away, nor out of the room", async () => {
    await arrive(three, ann)
    await three.chat.presence.setStatus(ann, "away")
    await settle()
    forget()

    await after(LIMITS.offlineGraceMs - 1, () => {
      three.link.leave()
      two.chat.presence.connect(ann)
      two.chat.presence.enter(room, ann)
    })
    await Bun.sleep(50)
    await settle()

    expect(saidByAll()).toEqual([])
    expect(one.linked.statusOf(ann.user.numericId)).toBe("away")
    expect(one.linked.countIn(room.numericId)).toBe(2)
  })

  test("given a node is lost and ann is on another one too, only her place in the room has ended", async () => {
    await arrive(three, ann)
    two.chat.presence.connect(ann)
    await settle()
    forget()

    await after(LIMITS.offlineGraceMs, () => three.link.leave())

    expect(saidByAll()).toEqual(["room.exited ann"])
    expect(await lastSeenOf(ann)).toBeNull()
  })

  test("given the node that was to tell is lost as well, the next one does", async () => {
    await arrive(three, ann)
    await arrive(two, bob)
    forget()

    await after(LIMITS.offlineGraceMs, () => {
      three.link.leave()
      one.link.leave()
    })

    expect(inShort(two.said)).toEqual(WENT)
  })

  test("given 250 people of a lost node, they are told and stored 100 at a time", async () => {
    const crowd: Actor[] = []
    for (let i = 0; i < 250; i++) crowd.push(await one.person(`guest-${i}`))
    for (const it of crowd) await arriveQuietly(it)
    await settle()
    forget()

    await after(LIMITS.offlineGraceMs, () => three.link.leave())
    await waitUntil("all have gone", () => inShort(one.said).length >= 500)
    await settle()

    expect(one.batches).toEqual([1, 1, 1])
    expect(inShort(one.said).filter((it) => it.startsWith("user.offline"))).toHaveLength(250)
    expect(inShort(one.said).filter((it) => it.startsWith("room.exited"))).toHaveLength(250)
    expect(inShort(two.said)).toEqual([])
  }, 20_000)

  async function arriveQuietly(who: Actor): Promise<void> {
    three.linked.connect(who.user)
    three.linked.enter(room.numericId, who.user.numericId)
  }

  test("given a node was paused and is back, its people who were told gone are told back, once", async () => {
    await arrive(three, ann)
    await three.chat.presence.setStatus(ann, "away")
    await settle()
    await after(LIMITS.offlineGraceMs, () => three.link.pause())
    expect(inShort(one.said).slice(-3)).toEqual(WENT)
    forget()

    three.link.comeBack()
    await waitUntil("ann is back", () => toldAt(one).length >= 3)
    await Bun.sleep(1_200)
    await settle()

    expect(inShort(three.said)).toEqual(["user.online ann", "ann is away", "room.entered ann"])
    expect(saidByAll()).toHaveLength(3)
    expect(one.linked.countIn(room.numericId)).toBe(2)
    expect(three.linked.countIn(room.numericId)).toBe(2)
  }, 10_000)

  test("given a node was paused and is back within the 2 s, nobody hears of it", async () => {
    await arrive(three, ann)
    forget()

    await after(LIMITS.offlineGraceMs - 1, () => {
      three.link.pause()
      three.link.comeBack()
    })
    await Bun.sleep(1_200)
    await settle()

    expect(saidByAll()).toEqual([])
    expect(one.linked.countIn(room.numericId)).toBe(2)
  })

  test("given a node was paused and ann has come back on another one, she is not told back by the first", async () => {
    await arrive(three, ann)
    await after(LIMITS.offlineGraceMs, () => three.link.pause())
    await arrive(two, ann)
    forget()

    three.link.comeBack()
    await Bun.sleep(1_200)
    await settle()

    expect(saidByAll()).toEqual([])
  })

  test("given a node says goodbye, what it has told is not told again, and who does not return goes offline", async () => {
    await arrive(three, ann)
    forget()
    go(three, ann)
    await three.chat.presence.close()
    three.linked.close()
    await settle()
    const seenAt = await lastSeenOf(ann)
    expect(seenAt).not.toBeNull()
    expect(inShort(three.said)).toEqual(["room.exited ann"])
    forget()

    await after(LIMITS.offlineGraceMs, () => three.link.leave())

    expect(saidByAll()).toEqual(["user.offline ann", "ann is offline"])
    expect(inShort(one.said)).toHaveLength(2)
  })

  test("given a node stops, those were last seen now who are on no other one", async () => {
    await arrive(three, ann)
    await arrive(three, bob)

    await three.chat.presence.close()

    expect(await lastSeenOf(ann)).not.toBeNull()
    expect(await lastSeenOf(bob)).toBeNull()
  })

  test("given nobody hears anybody for a while, nobody is told gone, and none who is there when they do", async () => {
    await arrive(three, ann)
    forget()
    jest.useFakeTimers()
    cluster.hub.part()
    jest.advanceTimersByTime(60_000)
    await settle()
    expect(one.linked.count().users).toBe(1)

    cluster.hub.mend()
    await settle()
    jest.advanceTimersByTime(60_000)
    jest.useRealTimers()
    await settle()

    expect(saidByAll()).toEqual([])
    expect(one.linked.count().users).toBe(2)
    expect(await lastSeenOf(ann)).toBeNull()
  })

  test("what counts people counts those of every node: rooms, lists, statistics, full rooms, company", async () => {
    await arrive(two, ann)
    const eve = await one.person("eve")

    for (const { chat } of cluster.nodes) {
      expect((await chat.rooms.getRoom(bob, room.id)).userCount).toBe(2)
      const listed = await chat.rooms.listRooms(bob, {
        mine: true,
        type: undefined,
        query: undefined,
        before: Number.MAX_SAFE_INTEGER,
        limit: 10,
      })
      expect(listed.map(({ userCount }) => userCount)).toEqual([2])
      expect(chat.presence.countPresent(room)).toBe(2)
      expect(
        chat.presence
          .listPresent(room, 10)
          .map(({ username }) => username)
          .sort(),
      ).toEqual(["ann", "bob"])
      expect(await chat.presence.listOnline(bob, room.id)).toHaveLength(2)
      expect(chat.statistics.countNow()).toEqual({ users: 2, rooms: 1, typists: 0 })
      expect((await chat.statistics.readRooms(10)).lively).toMatchObject([{ userCount: 2 }])
      expect(await chat.presence.findCompany(bob.user)).toEqual(new Set([ann.user.numericId]))
    }
    await three.chat.rooms.updateRoom(ann, room.id, { maxUsers: 2 })
    expect(await codeOf(three.chat.presence.openRoom(eve, room.id))).toBe("room_full")
    expect(await codeOf(three.chat.presence.openRoom(ann, room.id))).toBe("no error")
  })

  test("a name that changes is the new one on every node, for those who come later too", async () => {
    await arrive(two, ann)
    await one.chat.users.updateProfile(ann, { username: "anna" })
    await settle()
    const four = await cluster.join()
    await settle()

    for (const { chat } of [one, two, three, four]) {
      const names = chat.presence.listPresent(room, 10).map(({ username }) => username)
      expect(names.sort()).toEqual(["anna", "bob"])
    }
  })

  describe("typing", () => {
    const typing = ({ told }: TestNode) =>
      told.flatMap((it) => (it.type === "typing" ? [`${it.user.username} ${it.isTyping}`] : []))
    const typists = () =>
      cluster.nodes.map(({ chat }) => chat.typing.typistsIn(room.id).map((it) => it.username))

    test("who types on one node is typing on all, and ends with what they send on another", async () => {
      await two.chat.typing.setTyping(ann, room.id, true)
      expect(typists()).toEqual([["ann"], ["ann"], ["ann"]])

      three.chat.typing.stop(room.id, ann.user)

      expect(typists()).toEqual([[], [], []])
      expect(typing(one)).toEqual(["ann true", "ann false"])
    })

    test("ends by itself 10 s later, told once by the node where it began", async () => {
      jest.useFakeTimers()
      await two.chat.typing.setTyping(ann, room.id, true)
      jest.advanceTimersByTime(9_999)
      expect(typists()).toEqual([["ann"], ["ann"], ["ann"]])
      jest.advanceTimersByTime(30_000)
      jest.useRealTimers()

      expect(typists()).toEqual([[], [], []])
      expect(cluster.nodes.map(typing)).toEqual([
        ["ann true", "ann false"],
        ["ann true", "ann false"],
        ["ann true", "ann false"],
      ])
    })

    test("ends within 11 s where the typist's node is lost, told by one of the others", async () => {
      jest.useFakeTimers()
      await two.chat.typing.setTyping(ann, room.id, true)
      two.link.leave()
      two.chat.typing.close()
      jest.advanceTimersByTime(10_999)
      expect(typing(one)).toEqual(["ann true"])
      jest.advanceTimersByTime(1)
      jest.useRealTimers()

      expect(typing(one)).toEqual(["ann true", "ann false"])
      expect(typing(three)).toEqual(["ann true", "ann false"])
    })
  })
})
