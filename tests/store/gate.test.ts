import { describe, expect, test } from "bun:test"
import { createGate } from "../../src/store/gate"
import { codeOf } from "../support/chat"

describe("a gate", () => {
  test("lets 2 in at once, and the others in the order they came when one leaves", async () => {
    const { enter, leave } = createGate({ slots: 2, waitingMax: 10, waitMs: 10_000 })
    const inside: string[] = []
    const come = async (name: string) => {
      await enter()
      inside.push(name)
    }
    const all = ["ann", "bob", "cleo", "dan"].map(come)
    await Bun.sleep(0)

    expect(inside).toEqual(["ann", "bob"])
    leave()
    await Bun.sleep(0)
    expect(inside).toEqual(["ann", "bob", "cleo"])
    leave()
    await Promise.all(all)
    expect(inside).toEqual(["ann", "bob", "cleo", "dan"])
  })

  test("refuses who would be one more than may wait with overloaded, and serves the others", async () => {
    const { enter, leave } = createGate({ slots: 1, waitingMax: 1, waitMs: 10_000 })
    await enter()
    const waiting = enter()

    expect(await codeOf(enter())).toBe("overloaded")
    leave()
    await waiting
  })

  test("refuses who has waited too long when their turn comes, and serves who has not", async () => {
    const { enter, leave } = createGate({ slots: 1, waitingMax: 10, waitMs: 20 })
    await enter()
    const early = codeOf(enter())
    await Bun.sleep(30)
    const late = enter()

    leave()

    expect(await early).toBe("overloaded")
    await late
    leave()
    await enter()
  })
})
