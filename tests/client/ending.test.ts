import { describe, expect, test } from "bun:test"
import { backoffMs } from "../../src/client/connection/backoff"
import { judgeEnding, judgeError, type Verdict } from "../../src/client/connection/ending"
import { ParleyError } from "../../src/client/error"
import { CLOSE_CODES } from "../../src/protocol/socket-frames"

const AGAIN = { type: "again", isRefused: false, afterMs: 0, wasOpen: true } as const
const REFUSED = { ...AGAIN, isRefused: true }
const ended = (reason: "banned" | "connections" | "protocol"): Verdict => ({
  type: "ended",
  reason,
})

describe("what follows after the end of a socket", () => {
  const verdicts: Record<keyof typeof CLOSE_CODES, Verdict> = {
    shutdown: AGAIN,
    interrupted: AGAIN,
    slowConsumer: AGAIN,
    pongTimeout: AGAIN,
    authTimeout: REFUSED,
    tokenExpired: REFUSED,
    revoked: REFUSED,
    protocolViolation: ended("protocol"),
    disabled: ended("banned"),
    tooManyConnections: ended("connections"),
    removed: AGAIN,
  }

  test.each(Object.entries(CLOSE_CODES))("by the code of %s, %d", (name, code) => {
    expect(judgeEnding({ code, wasOpen: true })).toEqual(verdicts[name as keyof typeof verdicts])
  })

  test.each([
    ["a network that broke", 1006, AGAIN],
    ["a goodbye", 1000, AGAIN],
    ["a code to come that asks for a fresh token", 4150, REFUSED],
    ["a code to come that wants nobody back", 4250, ended("protocol")],
  ])("by %s, %d", (_, code, verdict) => {
    expect(judgeEnding({ code, wasOpen: true })).toEqual(verdict)
  })

  test("by what was refused while it opened", () => {
    const refused = (code: "unauthorized" | "forbidden" | "overloaded") =>
      judgeError(new ParleyError(code, "no", { retryAfterMs: 7 }))

    expect(refused("unauthorized")).toMatchObject({ isRefused: true })
    expect(refused("forbidden")).toMatchObject({ isRefused: true })
    expect(refused("overloaded")).toMatchObject({ isRefused: false, afterMs: 7 })
    expect(judgeError(new Error("a listener failed"))).toEqual(AGAIN)
  })
})

describe("the wait before another try", () => {
  test.each([
    [0, 500],
    [1, 1_000],
    [5, 16_000],
    [6, 30_000],
    [2_000, 30_000],
  ])("after %d that failed is anything from 0 to %d ms", (failures, most) => {
    expect(backoffMs(failures, () => 0)).toBe(0)
    expect(backoffMs(failures, () => 0.5)).toBe(most / 2)
    expect(backoffMs(failures, () => 1)).toBe(most)
  })
})
