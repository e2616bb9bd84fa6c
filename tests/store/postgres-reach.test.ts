import { describe, expect, test } from "bun:test"
import { SQL } from "bun"
import { createReach } from "../../src/store/postgres-reach"
import { NoConnection } from "../../src/store/postgres-trouble"
import { codeOf } from "../support/chat"

const gone = () =>
  new SQL.PostgresError("gone", {
    code: "ERR_POSTGRES_CONNECTION_CLOSED",
    detail: "",
    hint: "",
    severity: "",
  })

/** A database of which each connection comes about, or does not, when the test says so. */
function createDoor() {
  const asked: PromiseWithResolvers<{ release(): void }>[] = []
  let released = 0
  const connection = { release: () => void released++ }
  return {
    asked,
    get released() {
      return released
    },
    open: () => {
      const pending = Promise.withResolvers<{ release(): void }>()
      asked.push(pending)
      return pending.promise
    },
    refuse: () => asked.at(-1)?.reject(gone()),
    let: () => asked.at(-1)?.resolve(connection),
  }
}

describe("reaching a database that may be away", () => {
  async function lost() {
    const door = createDoor()
    const reach = createReach(door.open)
    const first = reach.reserve().catch((error) => error)
    door.refuse()
    expect(await first).toBeInstanceOf(NoConnection)
    return { door, reach }
  }
  const outcomeOf = (task: Promise<unknown> | undefined) =>
    Promise.resolve(task).then(
      () => "fine",
      (error) => error.name,
    )

  test("while it is there, nobody waits for anything", async () => {
    const door = createDoor()
    const reach = createReach(door.open)
    expect(reach.ready()).toBeUndefined()
    const all = [reach.reserve(), reach.reserve()]
    for (const { resolve } of door.asked) resolve({ release: () => undefined })
    expect(await Promise.all(all)).toHaveLength(2)
  })

  test("once it is known to be away, 100 who ask are refused after 250 ms, and one connection is tried", async () => {
    const { door, reach } = await lost()
    const startedAt = performance.now()
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => outcomeOf(reach.ready())))
    expect(new Set(outcomes)).toEqual(new Set(["NoConnection"]))
    expect(performance.now() - startedAt).toBeWithin(240, 1_000)
    expect(await outcomeOf(reach.reserve())).toBe("NoConnection")
    expect(door.asked).toHaveLength(2)
  })

  test("who waits while it comes back is served, and the connection that found it is given back", async () => {
    const { door, reach } = await lost()
    const waiting = outcomeOf(reach.ready())
    door.let()
    expect(await waiting).toBe("fine")
    expect(door.released).toBe(1)
    expect(reach.ready()).toBeUndefined()
  })

  test("given it is still away, the next one who asks looks again", async () => {
    const { door, reach } = await lost()
    const waiting = outcomeOf(reach.ready())
    door.refuse()
    expect(await waiting).toBe("NoConnection")
    const next = outcomeOf(reach.ready())
    expect(door.asked).toHaveLength(3)
    door.let()
    expect(await next).toBe("fine")
  })

  test("given it is there and refuses us, each is told why", async () => {
    const { door, reach } = await lost()
    const waiting = outcomeOf(reach.ready())
    const refusal = Object.assign(new Error("too many"), { code: "53300" })
    door.asked.at(-1)?.reject(refusal)
    expect(await waiting).toBe("fine")
    const mine = reach.reserve()
    door.asked.at(-1)?.reject(refusal)
    expect(await codeOf(mine)).toBe("53300")
  })
})
