import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { messageJson } from "../../src/protocol/message-json"
import { presentMessage } from "../../src/protocol/present"
import { anyMessage } from "../support/any-message"

describe("messages as JSON", () => {
  test("what is put together by hand is what encoding the presented message gives", () => {
    fc.assert(
      fc.property(anyMessage, (it) => {
        expect(messageJson(it)).toBe(JSON.stringify(presentMessage(it)))
      }),
      { numRuns: 500 },
    )
  })
})
