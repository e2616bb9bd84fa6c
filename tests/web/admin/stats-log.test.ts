import { expect, test } from "bun:test"
import type { ServerStats } from "../../../src/client/api"
import { addStats, EMPTY_LOG, protocolsIn, type StatsLog } from "../../../src/web/admin/stats-log"

const NOON = Date.parse("2026-01-02T12:00:00.000Z")

interface Look {
  readonly seconds: number
  readonly sent?: number
  readonly deliveries?: number
  readonly commits?: ServerStats["commits"]
  readonly connections?: ServerStats["connections"]
  readonly startedAt?: string
}

/** The server as it is so many seconds after noon. */
const stats = ({ seconds, ...look }: Look): ServerStats => ({
  time: new Date(NOON + seconds * 1000).toISOString(),
  started_at: look.startedAt ?? "2026-01-02T11:00:00.000Z",
  version: "0.1.0",
  users: { total: 2, online: 1 },
  rooms: { total: 1, occupied: 1 },
  messages: { sent: look.sent ?? 0, per_second: 0 },
  connections: look.connections ?? { native: 1 },
  deliveries: look.deliveries ?? 0,
  memory_bytes: 1_000,
  event_loop_lag_ms: 3,
  commits: look.commits ?? { count: 0, mean_ms: 0 },
})
const logOf = (...looks: readonly Look[]): StatsLog =>
  looks.map(stats).reduce<StatsLog>(addStats, EMPTY_LOG)

test("the first look is no sample yet: a rate lies between two", () => {
  const log = logOf({ seconds: 0, sent: 100 })

  expect(log.latest?.messages.sent).toBe(100)
  expect(log.samples).toEqual([])
})

test("counts become rates by the server's clock", () => {
  const { samples } = logOf(
    { seconds: 0, sent: 100, deliveries: 500 },
    { seconds: 2, sent: 110, deliveries: 600 },
    { seconds: 6, sent: 110, deliveries: 600 },
  )

  expect(samples).toMatchObject([
    { at: NOON + 2_000, messagesPerSecond: 5, deliveriesPerSecond: 50, lagMs: 3 },
    { at: NOON + 6_000, messagesPerSecond: 0, deliveriesPerSecond: 0, memoryBytes: 1_000 },
  ])
})

test("from means since the start comes that of what lies between, and none where nothing does", () => {
  const { samples } = logOf(
    { seconds: 0, commits: { count: 10, mean_ms: 1 } },
    { seconds: 2, commits: { count: 30, mean_ms: 3 } },
    { seconds: 4, commits: { count: 30, mean_ms: 3 } },
  )

  expect(samples.map(({ commitMs }) => commitMs)).toEqual([4, null])
})

test.each([
  ["the server was started again", { startedAt: "2026-01-02T12:00:01.000Z", deliveries: 9 }],
  ["another node answers, which has counted less", { deliveries: 1 }],
])("the log begins anew where %s", (_why, change) => {
  const log = logOf({ seconds: 0, deliveries: 5 }, { seconds: 2, deliveries: 8 })

  const after = addStats(log, stats({ seconds: 4, ...change }))

  expect(log.samples).toHaveLength(1)
  expect(after.samples).toEqual([])
  expect(after.latest?.time).toBe(new Date(NOON + 4_000).toISOString())
})

test("an answer that overtook another is left out", () => {
  const { samples } = logOf({ seconds: 0 }, { seconds: 4 }, { seconds: 2 })

  expect(samples.map(({ at }) => at)).toEqual([NOON + 4_000])
})

test("what is more than 5 minutes ago is forgotten", () => {
  const { samples } = logOf({ seconds: 0 }, { seconds: 2 }, { seconds: 4 }, { seconds: 303 })

  expect(samples.map(({ at }) => at - NOON)).toEqual([4_000, 303_000])
})

test("protocols are those that somebody used meanwhile", () => {
  const { samples } = logOf(
    { seconds: 0 },
    { seconds: 2, connections: { native: 0, "room-path": 1, "room-commands": 0 } },
    { seconds: 4, connections: { native: 2, "room-path": 0, "room-commands": 0 } },
  )

  expect(protocolsIn(samples)).toEqual(["native", "room-path"])
})
