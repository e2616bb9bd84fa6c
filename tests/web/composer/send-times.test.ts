import { describe, expect, test } from "bun:test"
import { readLocalInput, sendTimes, toLocalInput } from "../../../src/web/composer/send-times"

const offered = (now: string) =>
  Object.fromEntries(sendTimes(new Date(now)).map(({ name, at }) => [name, toLocalInput(at)]))

describe("times for sending later", () => {
  test("on a Wednesday at noon", () => {
    expect(offered("2026-11-25T12:10:30")).toEqual({
      inAnHour: "2026-11-25T13:10",
      thisEvening: "2026-11-25T18:00",
      tomorrow: "2026-11-26T09:00",
      monday: "2026-11-30T09:00",
    })
  })

  test("no evening when it is an hour away or over", () => {
    expect(offered("2026-11-25T17:00:00")).not.toHaveProperty("thisEvening")
    expect(offered("2026-11-25T16:59:00")).toHaveProperty("thisEvening")
  })

  test("no Monday when it is tomorrow, and the next one on a Monday", () => {
    expect(offered("2026-11-29T12:00:00")).toMatchObject({ tomorrow: "2026-11-30T09:00" })
    expect(offered("2026-11-29T12:00:00")).not.toHaveProperty("monday")
    expect(offered("2026-11-30T12:00:00")).toMatchObject({ monday: "2026-12-07T09:00" })
  })

  test("over the end of a year", () => {
    expect(offered("2026-12-31T23:30:00")).toMatchObject({
      inAnHour: "2027-01-01T00:30",
      tomorrow: "2027-01-01T09:00",
    })
  })
})

describe("a time that was chosen", () => {
  const now = new Date("2026-11-25T12:00:00")

  test.each([
    ["", "missing"],
    ["soon", "missing"],
    ["2026-11-25T12:00", "past"],
    ["2026-11-24T12:00", "past"],
    ["2027-11-25T12:01", "far"],
  ] as const)("%j is %s", (text, problem) => {
    expect(readLocalInput(text, now)).toBe(problem)
  })

  test("is taken by the reader's clock, up to 365 days ahead", () => {
    expect(readLocalInput("2027-11-25T12:00", now)).toEqual(new Date("2027-11-25T12:00:00"))
  })
})
