import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test"
import { createHousekeeping, type Housekeeping } from "../../src/auth/housekeeping"
import { asSessionId, asUserNumericId } from "../../src/protocol/ids"
import type { Store } from "../../src/store"
import { openStore } from "../support/databases"
import { readRows } from "../support/rows"
import { createScratch, type Scratch } from "../support/scratch"
import { waitUntil } from "../support/wait"

const DAY_MS = 86_400_000
const SYSTEM = asUserNumericId(0)

describe("housekeeping", () => {
  let scratch: Scratch
  let path: string
  let store: Store
  let housekeeping: Housekeeping
  let now: number
  let batches: number[]
  let failures: unknown[]
  let underWay: Promise<unknown>[]

  beforeEach(async () => {
    scratch = createScratch()
    path = scratch.path("parley.db")
    batches = []
    failures = []
    underWay = []
    now = 100 * DAY_MS
    const onBatch = (size: number) => batches.push(size)
    store = await openStore({ path, publish: () => undefined, onBatch })
    housekeeping = createHousekeeping({
      store,
      now: () => now,
      inBackground: (task) => {
        underWay.push(task.catch((error) => failures.push(error)))
      },
    })
  })
  afterEach(async () => {
    jest.useRealTimers()
    housekeeping.stop()
    await store.close()
    scratch.remove()
    expect(failures).toEqual([])
  })

  interface Life {
    readonly expiresAt: number
    readonly revokedAt?: number
    /** How often its refresh token was exchanged. */
    readonly refreshes?: number
  }

  const addSessions = (lives: Readonly<Record<string, Life>>): Promise<void> =>
    store.write(function* () {
      for (const [name, { expiresAt, revokedAt, refreshes = 0 }] of Object.entries(lives)) {
        const sessionId = asSessionId(name)
        yield* store.sessions.insert({
          id: sessionId,
          userNumericId: SYSTEM,
          createdAt: 1,
          expiresAt,
          userAgent: null,
          address: null,
          refreshTokenHash: `${name} 0`,
        })
        for (let turn = 0; turn < refreshes; turn++) {
          const [usedHash, nextHash] = [`${name} ${turn}`, `${name} ${turn + 1}`]
          const rotation = { sessionId, usedHash, nextHash, now: 1, expiresAt }
          yield* store.sessions.rotateRefreshToken(rotation)
        }
        if (revokedAt !== undefined) yield* store.sessions.revoke(sessionId, revokedAt)
      }
      return { result: undefined, events: [] }
    })
  const sessions = () => readRows(path, "select id from sessions order by id").map(({ id }) => id)
  const tokens = () => readRows(path, "select hash from refresh_tokens order by hash").length
  const settle = () => Promise.all(underWay)

  test("throws out at start what ended more than 30 days ago, with its refresh tokens, and nothing else", async () => {
    await addSessions({
      "expired 31 days ago": { expiresAt: 69 * DAY_MS, refreshes: 3 },
      "expired 30 days ago": { expiresAt: 70 * DAY_MS, refreshes: 1 },
      "revoked 31 days ago": { expiresAt: 99 * DAY_MS, revokedAt: 69 * DAY_MS },
      "revoked 30 days ago": { expiresAt: 99 * DAY_MS, revokedAt: 70 * DAY_MS },
      alive: { expiresAt: 130 * DAY_MS, refreshes: 2 },
    })

    housekeeping.start()
    await settle()

    expect(sessions()).toEqual(["alive", "expired 30 days ago", "revoked 30 days ago"])
    expect(tokens()).toBe(5)
  })

  test("comes back each day", async () => {
    await addSessions({ young: { expiresAt: 100 * DAY_MS } })
    jest.useFakeTimers()
    housekeeping.start()
    now = 131 * DAY_MS
    jest.advanceTimersByTime(DAY_MS - 1)
    jest.useRealTimers()
    await settle()
    expect(sessions()).toEqual(["young"])

    jest.useFakeTimers()
    housekeeping.start()
    now = 162 * DAY_MS
    jest.advanceTimersByTime(DAY_MS)
    jest.useRealTimers()
    await settle()

    expect(sessions()).toEqual([])
  })

  test("looks at 100 sessions and deletes 1,000 tokens in one write, and lets others in between", async () => {
    const many = Array.from({ length: 250 }, (_, n) => [`s${n}`, { expiresAt: 1 }] as const)
    await addSessions(Object.fromEntries(many))
    batches.length = 0

    housekeeping.start()
    await waitUntil("all are gone", () => sessions().length === 0)
    await settle()

    expect(batches).toEqual([1, 1, 1])

    await addSessions({ old: { expiresAt: 1, refreshes: 1_500 } })
    batches.length = 0
    housekeeping.start()
    await settle()

    expect([sessions(), tokens()]).toEqual([[], 0])
    expect(batches).toEqual([1, 1])
  })

  test("of two servers at once throws out what that of one does, and neither fails", async () => {
    const many = Array.from({ length: 250 }, (_, n) => [`s${n}`, { expiresAt: 1, refreshes: 5 }])
    const young = ["young", { expiresAt: 100 * DAY_MS, refreshes: 2 }]
    await addSessions(Object.fromEntries([...many, young]))
    const other = await openStore({ path, publish: () => undefined })
    const othersKeeping = createHousekeeping({
      store: other,
      now: () => now,
      inBackground: (task) => {
        underWay.push(task.catch((error) => failures.push(error)))
      },
    })

    housekeeping.start()
    othersKeeping.start()
    await waitUntil("all are gone", () => sessions().length === 1)
    await settle()

    expect([sessions(), tokens()]).toEqual([["young"], 3])
    othersKeeping.stop()
    await other.close()
  })

  test("stops after the step that is under way", async () => {
    const many = Array.from({ length: 250 }, (_, n) => [`s${n}`, { expiresAt: 1 }] as const)
    await addSessions(Object.fromEntries(many))

    housekeeping.start()
    housekeeping.stop()
    await settle()

    expect(sessions()).toHaveLength(150)
  })
})
