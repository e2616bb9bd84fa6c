import { describe, expect, test } from "bun:test"
import { FrameRate } from "../../src/sockets/rate-limit"
import { person } from "../support/people"
import { startServer } from "../support/server"

describe("the bound on raw frames", () => {
  test("passes 100 a second for ever", () => {
    const rate = new FrameRate(100, 0)

    const verdicts = Array.from({ length: 60_000 }, (_, n) => rate.take(n * 10))

    expect(new Set(verdicts)).toEqual(new Set(["pass"]))
  })

  test("passes 1,000 at once, refuses the 1,001st, and passes 100 more a second later", () => {
    const rate = new FrameRate(100, 0)
    const passedAt = (now: number) =>
      Array.from({ length: 1_100 }, () => rate.take(now)).filter((it) => it === "pass").length

    expect(passedAt(0)).toBe(1_000)
    expect(passedAt(1_000)).toBe(100)
  })

  test("refuses one of 101 a second, once the burst is spent", () => {
    const rate = new FrameRate(100, 0)
    for (let n = 0; n < 1_000; n++) rate.take(0)

    const verdicts = Array.from({ length: 101 }, (_, n) => rate.take(((n + 1) * 1_000) / 101))

    expect(verdicts.filter((it) => it === "pass").length).toBeLessThanOrEqual(100)
    expect(verdicts).toContain("refuse")
  })

  test("closes who sends 1,000 refused frames on end, and not who pauses", () => {
    const stubborn = new FrameRate(100, 0)
    const reasonable = new FrameRate(100, 0)

    const verdicts = Array.from({ length: 2_001 }, () => stubborn.take(0))
    const others = Array.from({ length: 2_900 }, (_, n) => reasonable.take(n < 1_900 ? 0 : 1_000))

    expect(verdicts.indexOf("close")).toBe(2_000)
    expect(verdicts.filter((it) => it === "refuse")).toHaveLength(1_000)
    expect(others.indexOf("close")).toBe(-1)
  })

  test("given a setting of 10 a second, then 100 are answered, 100 rate_limited, and 4200 ends it", async () => {
    const server = await startServer({ env: { CHAT_MAX_FRAMES_PER_SEC: "10" } })
    const ann = await person(server.url, "ann")
    const socket = await ann.connect()
    const other = await ann.connect()

    // Malformed ones, which count like all others.
    for (let n = 0; n < 400; n++) socket.sendRaw("x")

    expect(await socket.closed).toMatchObject({ code: 4200 })
    const codes = socket.frames.slice(1).map(({ data }) => data.code)
    expect(new Set(codes.slice(0, 100))).toEqual(new Set(["invalid_request"]))
    expect(socket.frames[101]?.data).toMatchObject({
      code: "rate_limited",
      retryable: true,
      retry_after_ms: 1_000,
    })
    expect(codes.filter((it) => it === "rate_limited").length).toBeGreaterThanOrEqual(100)
    expect((await other.ask("ping")).type).toBe("ok")
    await server.stop()
  })
})
