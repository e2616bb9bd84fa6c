import { describe, expect, test } from "bun:test"
import { sayTime } from "../../../src/web/ui/say-time"

const NOW = new Date(2026, 4, 13, 15, 0)
const daysAgo = (days: number, hour = 9) => new Date(2026, 4, 13 - days, hour, 5)
const secondsAgo = (seconds: number) => new Date(NOW.getTime() - seconds * 1000)
const say = (at: Date, style: "clock" | "day" | "relative", language = "en") =>
  sayTime(at, style, { language, now: NOW })

describe("a time in words", () => {
  test("on the clock it is as the language has it", () => {
    expect(say(daysAgo(0), "clock", "de")).toBe("09:05")
    expect(say(daysAgo(0), "clock").replace(/\s/g, " ")).toBe("9:05 AM")
  })

  test("a day is today until midnight, then yesterday, then has a name, and last year a year", () => {
    expect(say(daysAgo(0, 0), "day")).toBe("Today")
    expect(say(daysAgo(1, 23), "day")).toBe("Yesterday")
    expect(say(daysAgo(1), "day", "de")).toBe("Gestern")
    expect(say(daysAgo(2), "day")).toBe("Monday, May 11")
    expect(say(daysAgo(365), "day")).toBe("Tuesday, May 13, 2025")
  })

  test.each([
    [10, "now"],
    [60, "1 minute ago"],
    [3_560, "59 minutes ago"],
    [3_600, "1 hour ago"],
    [86_400, "yesterday"],
    [6 * 86_400, "6 days ago"],
    [8 * 86_400, "May 5, 2026"],
  ])("%i s ago is %s", (seconds, words) => {
    expect(say(secondsAgo(seconds), "relative")).toBe(words)
  })
})
