import { describe, expect, test } from "bun:test"
import { native } from "../../src/dialects/native"
import { asConnectionId } from "../../src/protocol/ids"
import { createAudiences } from "../../src/sockets/audiences"
import { createBacklog } from "../../src/sockets/backlog"
import { Connection, type Line } from "../../src/sockets/connection"
import { createConnections } from "../../src/sockets/connections"
import { createSubscriptions } from "../../src/sockets/subscriptions"
import { openChatInMemory } from "../support/chat"
import { alone } from "../support/ordering"

const MIB = 1024 * 1024

/** One connection with as much unread as the test says, and how much it was looked at. */
function backlogOfOne({ isPinged = true } = {}) {
  const told: string[] = []
  const state = { unread: 0, instant: 1_000_000, looks: 0 }
  const connections = createConnections({ perUserMax: 0, perAddressMax: 0, now: () => 0 })
  const subscriptions = createSubscriptions({
    ...alone,
    connections,
    audiences: createAudiences(alone.ordering),
    presence: openChatInMemory().chat.presence,
    now: () => 0,
  })
  const backlog = createBacklog({
    connections,
    subscriptions,
    writeTimeoutMs: 10_000,
    now: () => state.instant,
  })
  const connection = new Connection({
    id: asConnectionId("connection"),
    voice: native,
    arrival: null,
    isPinged,
    actor: null,
    address: "127.0.0.1",
    openedAt: state.instant,
    framesPerSecondMax: 0,
    events: {
      onOpen: () => undefined,
      onFrame: () => told.push("a frame was read"),
      onBacklog: backlog.look,
      onClose: backlog.forget,
    },
    publish: () => undefined,
  })
  const ws = {
    subscriptions: ["a topic"],
    unsubscribe: (topic: string) => told.push(`off ${topic}`),
    close: (code: number) => told.push(`close ${code}`),
    terminate() {
      told.push("cut off")
      connection.close()
    },
    getBufferedAmount() {
      state.looks++
      return state.unread
    },
    send(frame: string) {
      const { type, data } = JSON.parse(frame)
      told.push(`${type} ${data.kind}`)
      return state.unread > 0 ? -1 : frame.length
    },
  }
  // A stand-in for Bun's own socket; everything of ours is real.
  connection.open(ws as unknown as Line)
  connections.add(connection)
  return {
    connection,
    backlog,
    state,
    told,
    /** Bun tells that it has read down to so much. */
    readDownTo(unread: number): void {
      state.unread = unread
      connection.drain()
    },
    leaveUnread(unread: number): void {
      state.unread = unread
      backlog.onPressure("x".repeat(256 * 1024))
    },
  }
}

describe("what a connection leaves unread", () => {
  test("is no matter below 1 MiB, and at 1 MiB it is told so, once", () => {
    const { backlog, told, leaveUnread } = backlogOfOne()

    leaveUnread(MIB - 1)
    expect([told, backlog.slow.size]).toEqual([[], 0])
    leaveUnread(MIB)
    leaveUnread(MIB + 1)
    backlog.sweep()

    expect(told).toEqual(["notice slow"])
    expect(backlog.slow.size).toBe(1)
  })

  test("makes it slow until 256 KiB are left, and slow again, with a notice, when it grows again", () => {
    const { backlog, told, leaveUnread, readDownTo } = backlogOfOne()

    leaveUnread(MIB)
    readDownTo(256 * 1024 + 1)
    expect(backlog.slow.size).toBe(1)
    readDownTo(256 * 1024)
    expect(backlog.slow.size).toBe(0)
    leaveUnread(MIB)

    expect(told).toEqual(["notice slow", "notice slow"])
  })

  test("makes it go at 4 MiB: it hears nothing more, is not listened to, and is closed with 4008 when all is read", () => {
    const { connection, told, leaveUnread, readDownTo } = backlogOfOne()

    leaveUnread(4 * MIB - 1)
    expect(told).toEqual(["notice slow"])
    leaveUnread(4 * MIB)
    connection.send("{}")
    connection.message(null as never, "x")
    connection.follow("another topic")
    readDownTo(1)

    expect(told).toEqual(["notice slow", "off a topic"])
    readDownTo(0)
    expect(told.at(-1)).toBe("close 4008")
  })

  test("is waited for 30 s at most, then it is closed with 4008 all the same", () => {
    const { backlog, state, told, leaveUnread, readDownTo } = backlogOfOne()
    leaveUnread(4 * MIB)

    for (let mebibytes = 3; mebibytes > 0; mebibytes--) {
      state.instant += 9_000
      readDownTo(mebibytes * MIB)
    }
    state.instant += 2_999
    backlog.sweep()
    expect(told).not.toContain("close 4008")
    state.instant += 1
    backlog.sweep()

    expect(told).toEqual(["notice slow", "off a topic", "close 4008"])
  })

  test("is looked at once for 262,144 characters that not everybody could take", () => {
    const { backlog, state } = backlogOfOne()

    for (let n = 0; n < 262_143; n++) backlog.onPressure("x")
    expect(state.looks).toBe(0)
    backlog.onPressure("x")

    expect(state.looks).toBe(1)
  })

  test("is not looked at where everybody takes everything", () => {
    const { backlog, state } = backlogOfOne()

    backlog.sweep()

    expect(state.looks).toBe(0)
  })

  test("is looked at as soon as an answer was too much", () => {
    const { connection, backlog, state, told } = backlogOfOne()
    state.unread = 2 * MIB

    connection.send(JSON.stringify({ type: "ok", data: {} }))

    expect(told).toEqual(["ok undefined", "notice slow"])
    expect(backlog.slow.has(connection)).toBe(true)
  })
})

describe("what waits for a connection that takes nothing of it", () => {
  test("is given up after CHAT_WRITE_TIMEOUT, here 10 s, however little it is, and the connection is cut off", () => {
    const { backlog, state, told, leaveUnread } = backlogOfOne()
    leaveUnread(1)

    state.instant += 9_999
    backlog.sweep()
    expect(told).toEqual([])
    state.instant += 1
    backlog.sweep()

    expect(told).toEqual(["cut off"])
    const { looks } = state
    backlog.sweep()
    expect([told, state.looks]).toEqual([["cut off"], looks])
  })

  test("has another 10 s each time that some of it is taken, also where more has come than was taken", () => {
    const { backlog, state, told, leaveUnread, readDownTo } = backlogOfOne()
    leaveUnread(100)

    for (let taken = 1; taken <= 10; taken++) {
      state.instant += 9_999
      backlog.sweep()
      readDownTo(100 + taken)
    }
    expect(told).toEqual([])
    state.instant += 10_000
    backlog.sweep()

    expect(told).toEqual(["cut off"])
  })

  test("has its 10 s from when it began to wait, not from what waited before", () => {
    const { backlog, state, told, leaveUnread, readDownTo } = backlogOfOne()
    leaveUnread(100)
    state.instant += 9_999
    readDownTo(0)
    state.instant += 60_000
    backlog.sweep()

    leaveUnread(100)
    state.instant += 9_999
    backlog.sweep()

    expect(told).toEqual([])
  })

  test("has no more time for having grown", () => {
    const { backlog, state, told, leaveUnread } = backlogOfOne()
    leaveUnread(100)

    state.instant += 9_999
    leaveUnread(200)
    state.instant += 1
    backlog.sweep()

    expect(told).toEqual(["cut off"])
  })

  test("is asked for once a second while it waits, and no more when it has been taken", () => {
    const { backlog, state, leaveUnread, readDownTo } = backlogOfOne()
    leaveUnread(100)
    const before = state.looks
    backlog.sweep()
    backlog.sweep()
    // The first of them looks at all, because of the publish before it.
    expect(state.looks).toBe(before + 2)

    readDownTo(0)
    const after = state.looks
    backlog.sweep()

    expect(state.looks).toBe(after)
  })

  test("keeps nobody from 4008 who reads, and is given up also where 4008 was due", () => {
    const [reading, stuck] = [backlogOfOne(), backlogOfOne()]

    for (const { backlog, state, leaveUnread } of [reading, stuck]) {
      leaveUnread(4 * MIB)
      state.instant += 9_999
      backlog.sweep()
    }
    reading.readDownTo(MIB)
    for (const { backlog, state } of [reading, stuck]) {
      state.instant += 9_999
      backlog.sweep()
    }
    reading.readDownTo(0)

    expect(reading.told).toEqual(["notice slow", "off a topic", "close 4008"])
    expect(stuck.told).toEqual(["notice slow", "off a topic", "cut off"])
  })

  test("is left to those who ping it, where we do not", () => {
    const { backlog, state, told, leaveUnread } = backlogOfOne({ isPinged: false })
    leaveUnread(100)

    state.instant += 60_000
    backlog.sweep()

    expect(told).toEqual([])
  })
})
