import { describe, expect, test } from "bun:test"
import { CUT_OFF_BOUND_MS, createTroubles } from "./troubles"

/** A removal that was asked for at 1,000 ms, done at 1,100 and known everywhere at 1,110. */
const removal = { calledAt: 1_000, returnedAt: 1_100, pongAt: 1_110 }

function troubleFrom(begun: number, ended: number, kind: "deaf" | "frozen") {
  let now = begun
  const troubles = createTroubles(() => now)
  troubles.begin(kind)
  now = ended
  troubles.end()
  return troubles
}

describe("when who was removed has to hear nothing", () => {
  test("given nothing is broken, then from the moment that the call has returned", () => {
    expect(createTroubles(() => 0).silentFrom(removal)).toBe(1_110)
  })

  test("given nodes were cut off meanwhile, then within the bound", () => {
    const from = troubleFrom(900, 1_050, "deaf").silentFrom(removal)

    expect(from).toBe(1_100 + CUT_OFF_BOUND_MS)
  })

  test("given a node stood still meanwhile, then within the bound of its thaw", () => {
    const from = troubleFrom(900, 20_900, "frozen").silentFrom(removal)

    expect(from).toBe(20_900 + CUT_OFF_BOUND_MS)
  })

  test("given nodes are cut off only afterwards, then from the return of the call", () => {
    expect(troubleFrom(1_200, 2_000, "deaf").silentFrom(removal)).toBe(1_110)
  })

  test("given all was whole again long before, then from the return of the call", () => {
    const later = { calledAt: 61_000, returnedAt: 61_100, pongAt: 61_110 }

    expect(troubleFrom(900, 1_050, "deaf").silentFrom(later)).toBe(61_110)
  })
})
