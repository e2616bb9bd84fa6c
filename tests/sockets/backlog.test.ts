import { describe, expect, test } from "bun:test"
import { native } from "../../src/dialects/native"
import { asConnectionId } from "../../src/protocol/ids"
import { createAudiences } from "../../src/sockets/audiences"
import { createBacklog } from "../../src/sockets/backlog"
import { Connection, type Line } from "../../src/sockets/connection"
import { createConnections } from "../../src/sockets/connections"
import { createSubscriptions } from "../../src/sockets/subscriptions"
import { openChat } from "../support/chat"

const MIB = 1024 * 1024

/** One connection with as much unread as the test says, and how much it was looked at. */
function backlogOfOne() {
  const told: string[] = []
  const state = { unread: 0, instant: 1_000_000, looks: 0 }
  const connections = createConnections({ perUserMax: 0, perAddressMax: 0, now: () => 0 })
  const subscriptions = createSubscriptions({
    connections,
    audiences: createAudiences(),
    presence: openChat().chat.presence,
    now: () => 0,
  })
  const backlog = createBacklog({ connections, subscriptions, now: () => state.instant })
  const connection = new Connection({
    id: asConnectionId("connection"),
    voice: native,
    arrival: null,
    isPinged: true,
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
    const { backlog, state, told, leaveUnread } = backlogOfOne()
    leaveUnread(4 * MIB)

    state.instant += 29_999
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
