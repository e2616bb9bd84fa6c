import { expect, test } from "bun:test"
import { isNamed } from "../../src/protocol/claims"
import { asUserId, asUserNumericId } from "../../src/protocol/ids"

const ann = { id: asUserId("a-Public-id"), numericId: asUserNumericId(12), username: "Ann" }

test.each(["a-Public-id", "Ann", "ann", "ANN", 12, "12", "012"])("%p names ann", (claim) => {
  expect(isNamed(ann, claim)).toBe(true)
})

test.each(["an", "a-public-id", "1", 1, "", "0x0c", "12.0", " 12", 12.5, -12, Number.NaN])(
  "%p does not name ann",
  (claim) => {
    expect(isNamed(ann, claim)).toBe(false)
  },
)

test("text of digits is a number only, and no number that is none of ours names anybody", () => {
  const digits = { id: asUserId("77"), numericId: asUserNumericId(12), username: "x" }

  expect(isNamed(digits, "77")).toBe(false)
  expect(isNamed({ ...ann, numericId: asUserNumericId(2 ** 53) }, "9007199254740993")).toBe(false)
})
