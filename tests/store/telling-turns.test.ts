import { describe, expect, test } from "bun:test"
import type { BusMessage } from "../../src/protocol/events"
import {
  asKeyId,
  asRoomId,
  asRoomNumericId,
  asSessionId,
  asUserId,
  asUserNumericId,
} from "../../src/protocol/ids"
import { createTurns } from "../../src/store/telling-turns"

const user = {
  id: asUserId("ann"),
  numericId: asUserNumericId(1),
  username: "ann",
  displayName: null,
  avatarUrl: null,
  email: null,
}
const ACCOUNT = { role: "user", createdAt: 1, lastSeenAt: null, disabledAt: null } as const
const of = (room: string): BusMessage => ({
  type: "typing",
  room: { id: asRoomId(room), numericId: asRoomNumericId(1) },
  user,
  isTyping: true,
  at: 1,
})
const ofNone: BusMessage = { type: "key.revoked", keyId: asKeyId("k") }

describe("commits that run side by side are told", () => {
  test("in the order in which they were sent, whichever is answered first; other rooms do not wait", async () => {
    const enter = createTurns()
    const told: string[] = []
    const first = enter([of("hall")])
    const second = enter([of("hall"), of("yard")])
    const third = enter([of("yard")])
    const other = enter([of("attic")])

    const all = [
      third.take(() => told.push("third")),
      second.take(() => told.push("second")),
      other.take(() => told.push("other")),
    ]
    await Bun.sleep(0)
    expect(told).toEqual(["other"])
    await first.take(() => told.push("first"))
    await Promise.all(all)

    expect(told).toEqual(["other", "first", "second", "third"])
  })

  test("given one hangs that ends a key, then what ends another key, a session or an account does not wait", async () => {
    const enter = createTurns()
    const hanging = enter([ofNone])
    const others = [
      enter([{ type: "key.revoked", keyId: asKeyId("l") }]),
      enter([{ type: "session.revoked", sessionId: asSessionId("k") }]),
      enter([{ type: "user.disabled", user: asUserNumericId(1) }]),
    ]
    const same = enter([{ type: "user.updated", user: { ...user, ...ACCOUNT } }])
    const told: string[] = []

    const last = same.take(() => told.push("updated"))
    await Bun.sleep(0)
    expect(told).toEqual([])
    for (const [index, it] of others.entries()) await it.take(() => told.push(`other ${index}`))
    await last

    expect(told).toEqual(["other 0", "other 1", "other 2", "updated"])
    hanging.leave()
  })

  test("without those that came to nothing", async () => {
    const enter = createTurns()
    const first = enter([ofNone])
    const second = enter([ofNone])

    const told = second.take(() => "told")
    first.leave()

    expect(await told).toBe("told")
    expect(await enter([ofNone]).take(() => "at once")).toBe("at once")
  })
})
