import { describe, expect, test } from "bun:test"
import { FrameRate } from "../../src/sockets/rate-limit"
import { person } from "../support/people"
import { startServer } from "../support/server"
import { waitUntil } from "../support/wait"

const roomsNowhere = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ room_id: `nowhere-${n}` }))

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

  test("closes at the 1,001st refused frame on end, and not at the 1,000th", () => {
    const rate = new FrameRate(100, 0)

    const verdicts = Array.from({ length: 2_001 }, () => rate.take(0))

    expect(verdicts.indexOf("close")).toBe(2_000)
    expect(verdicts.filter((it) => it === "refuse")).toHaveLength(1_000)
  })

  /** When so many frames a second, for ten minutes, are closed; null: they are not. */
  function secondOfClose(framesPerSecond: number): number | null {
    const rate = new FrameRate(100, 0)
    for (let n = 0; n < 600 * framesPerSecond; n++) {
      const instant = (n * 1_000) / framesPerSecond
      if (rate.take(instant) === "close") return Math.round(instant / 1_000)
    }
    return null
  }

  test.each([
    [110, null],
    [116, null],
    [200, 22],
    [1_000, 2],
  ])(
    "given %d frames a second where 100 may be, then they are closed after %p s",
    (rate, second) => {
      expect(secondOfClose(rate)).toBe(second)
    },
  )

  test("forgets 1,000 refused frames in 60 s", () => {
    const rate = new FrameRate(100, 0)
    for (let n = 0; n < 2_000; n++) rate.take(0)

    const verdicts = Array.from({ length: 2_000 }, () => rate.take(60_000))

    expect(verdicts).not.toContain("close")
    expect(rate.take(60_000)).toBe("close")
  })

  const subscribing: readonly [string, number, object, number][] = [
    ["70 named rooms of a subscribe", 0, { rooms: roomsNowhere(70) }, 2],
    ["30 rooms of a subscribe to all", 30, { all: true }, 6],
    ["10 rooms of a subscribe", 0, { rooms: roomsNowhere(10) }, 8],
    ["9 rooms of a subscribe", 0, { rooms: roomsNowhere(9) }, 9],
  ]
  test.each(subscribing)(
    "counts each 10 of %s as one frame more of a burst of 10",
    async (_, rooms, wish, left) => {
      const server = await startServer({
        env: {
          CHAT_MAX_FRAMES_PER_SEC: "1",
          CHAT_MAX_ROOMS_PER_USER: "0",
          CHAT_MAX_JOINS_PER_MIN: "0",
        },
      })
      const ann = await person(server.url, "ann")
      for (let n = 0; n < rooms; n++) await ann.post("/rooms", { name: `room ${n}` })
      const socket = await ann.connect()

      expect((await socket.ask("subscribe", wish)).type).toBe("ok")
      const from = socket.frames.length
      for (let n = 0; n < 9; n++) socket.sendRaw(JSON.stringify({ type: "ping", id: `${n}` }))
      await waitUntil("all are answered", () => socket.frames.length === from + 9)

      // Answers wait for their turn and refusals do not.
      const types = socket.frames.slice(from).map(({ type }) => type)
      expect(types.filter((type) => type === "ok")).toHaveLength(left)
      expect(types.filter((type) => type === "error")).toHaveLength(9 - left)
      await server.stop()
    },
  )

  test("lets who spent too much at once wait 10 s, and not longer", () => {
    const rate = new FrameRate(100, 0)

    rate.take(0)
    rate.spend(100_000)

    expect(rate.take(10_000)).toBe("refuse")
    expect(rate.take(10_020)).toBe("pass")
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
