import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { z } from "zod"
import { decode } from "../../src/dialects/native/decode"
import { ERROR_CODES } from "../../src/protocol/errors"
import * as requests from "../../src/protocol/requests"
import * as frames from "../../src/protocol/socket-frames"
import { acceptedBy, damaged, garbage, jsonText, textFor } from "./arbitraries"
import { runs, timeoutMs } from "./runs"

const RUNS = 100

/** Every schema that there is, so that a new one is among them without a word here. */
const schemas = Object.entries({ ...requests, ...frames }).flatMap(([name, it]) =>
  it instanceof z.ZodType ? [{ name, schema: it }] : [],
)

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

test("there are schemas to look at", () => {
  expect(schemas.length).toBeGreaterThan(15)
})

describe.each(schemas)("$name", ({ schema }) => {
  test(
    "what it is given is accepted or refused with words, and never throws",
    () => {
      let accepted = 0
      const property = fc.property(
        acceptedBy(schema),
        damaged(acceptedBy(schema)),
        (right, wrong) => {
          for (const value of [right, parsed(jsonText(wrong))]) {
            const result = schema.safeParse(value)
            if (result.success) accepted++
            else expect(result.error.issues.every(({ message }) => message.length > 0)).toBe(true)
          }
        },
      )
      fc.assert(property, runs(RUNS))

      // Without this a generator that has nothing to do with the schema would pass as well.
      expect(accepted).toBeGreaterThan(runs(RUNS).numRuns / 10)
    },
    timeoutMs(RUNS),
  )
})

test(
  "whatever a frame is, it is read or refused with an error of the table",
  () => {
    const text = fc.oneof(textFor(frames.ClientFrame), garbage)
    const property = fc.property(text, (frame) => {
      const decoded = decode(frame)
      if (decoded.kind !== "invalid") return
      expect(ERROR_CODES).toContain(decoded.error.code)
      expect(decoded.error.code).not.toBe("internal")
      expect(["string", "number", "undefined"]).toContain(typeof decoded.ref)
    })
    fc.assert(property, runs(10 * RUNS))
  },
  timeoutMs(10 * RUNS),
)
