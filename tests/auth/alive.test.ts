import { expect, test } from "bun:test"
import { createAlive } from "../../src/auth/alive"
import type { User } from "../../src/protocol/entities"
import { asUserId, asUserNumericId } from "../../src/protocol/ids"

const ann: User = {
  id: asUserId("ann"),
  numericId: asUserNumericId(1),
  username: "ann",
  displayName: null,
  avatarUrl: null,
  email: null,
  role: "user",
  createdAt: 1,
  lastSeenAt: null,
  disabledAt: null,
}

/** Sessions in a database that answers when it is told to. */
function slowSessions() {
  const lookups: ((user: User | null) => void)[] = []
  const alive = createAlive({
    find: (_key: string) => new Promise<User | null>((resolve) => lookups.push(resolve)),
    now: () => 1,
  })
  return { alive, lookups }
}

test("who was found alive just before their session ended is looked up again, and is not remembered", async () => {
  const { alive, lookups } = slowSessions()
  const found = alive.lookUp("session")

  alive.forget("session")
  lookups.shift()?.(ann)
  await Bun.sleep(0)
  lookups.shift()?.(null)

  expect(await found).toBeNull()
  void alive.lookUp("session")
  expect(lookups).toHaveLength(1)
})

test("given all is forgotten during a lookup, then that one is made again too", async () => {
  const { alive, lookups } = slowSessions()
  const found = alive.lookUp("session")

  alive.forgetAll()
  lookups.shift()?.(ann)
  await Bun.sleep(0)
  lookups.shift()?.(null)

  expect(await found).toBeNull()
})

test("given another session ends meanwhile, then one lookup is enough, and it is remembered", async () => {
  const { alive, lookups } = slowSessions()
  const found = alive.lookUp("session")

  alive.forget("another")
  lookups.shift()?.(ann)

  expect(await found).toBe(ann)
  expect(await alive.lookUp("session")).toBe(ann)
  expect(lookups).toHaveLength(0)
})
